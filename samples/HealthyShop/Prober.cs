using System.Diagnostics;
using System.Text.Json;

namespace HealthyShop;

/// <summary>Asks <c>/health</c> and <c>/health/ready</c> all the time, as a load balancer does, only more often.</summary>
internal sealed class Prober : IAsyncDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly CancellationTokenSource _over = new();
    private readonly Uri _shop;
    private readonly Uri _operators;
    private readonly Task _probing;
    private volatile Answers _last = new(0, 0, null);

    internal Prober(int port, int operatorsPort)
    {
        (_shop, _operators) = (new Uri($"http://127.0.0.1:{port}"), new Uri($"http://127.0.0.1:{operatorsPort}"));
        _probing = ProbeAsync();
    }

    /// <summary>The newest pair of answers: how <c>/health</c> and <c>/health/ready</c> stand, and the header that tells clients to leave.</summary>
    internal sealed record Answers(int Health, int Ready, string? Drain);

    internal Answers Last => _last;

    internal int Count { get; private set; }

    /// <summary>How often <c>/health/ready</c> took the node out of service.</summary>
    internal int OutOfService { get; private set; }

    internal TimeSpan Longest { get; private set; }

    /// <summary>What operators are told: what costs the node its verdict.</summary>
    internal async Task<string> NotesAsync()
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(_operators, "/health"));
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        IEnumerable<string> errors = body.RootElement.GetProperty("checks").EnumerateObject()
            .Select(check => (check.Name, First: check.Value[0]))
            .Where(check => check.First.TryGetProperty("error", out _))
            .Select(check => $"{check.Name.Split(':')[0]}: {check.First.GetProperty("error").GetString()}");
        string notes = body.RootElement.TryGetProperty("notes", out JsonElement told) ? string.Join("; ", told.EnumerateArray().Select(note => note.GetString())) : "";
        return string.Join("; ", [notes, .. errors]);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _probing;
        _client.Dispose();
        _over.Dispose();
    }

    private async Task ProbeAsync()
    {
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        while (!_over.IsCancellationRequested)
        {
            (int health, string? drain) = await AskAsync("/health");
            (int ready, _) = await AskAsync("/health/ready");
            OutOfService += ready == 200 ? 0 : 1;
            _last = new(health, ready, drain);
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<(int Status, string? Drain)> AskAsync(string path)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await _client.GetAsync(new Uri(_shop, path));
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        // The first answer of all is not one of the snapshot alone: code is still being compiled.
        Longest = Count > 1 && took > Longest ? took : Longest;
        Count++;
        return ((int)response.StatusCode, response.Headers.TryGetValues("Failover-Drain", out IEnumerable<string>? seconds) ? seconds.First() : null);
    }
}
