using System.Net;
using System.Text.Json;

namespace OrdersOnPatroni.Load;

/// <summary>Asks <c>/health</c> and <c>/health/ready</c> ten times a second, as operators and as a load balancer.</summary>
internal sealed class HealthWatch : IAsyncDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly CancellationTokenSource _over = new();
    private readonly Uri _shop;
    private readonly Uri _operators;
    private readonly Task _running;
    private volatile string _last = "";

    internal HealthWatch(Uri shop, Uri operators)
    {
        (_shop, _operators) = (shop, operators);
        _running = RunAsync();
    }

    /// <summary>The newest answer of <c>/health</c>, and why it is not 200.</summary>
    internal string Last => _last;

    internal int Asked { get; private set; }

    /// <summary>How often <c>/health</c> said 503.</summary>
    internal int Failing { get; private set; }

    /// <summary>How often <c>/health/ready</c> did: a load balancer would have sent nothing more here.</summary>
    internal int OutOfService { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _running;
        _client.Dispose();
        _over.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(100));
        while (!_over.IsCancellationRequested)
        {
            using HttpResponseMessage ready = await _client.GetAsync(new Uri(_shop, "/health/ready"));
            using HttpResponseMessage health = await _client.GetAsync(new Uri(_operators, "/health"));
            OutOfService += ready.StatusCode == HttpStatusCode.OK ? 0 : 1;
            Failing += health.StatusCode == HttpStatusCode.OK ? 0 : 1;
            Asked++;
            _last = $"{(int)health.StatusCode}{Why(await health.Content.ReadAsStringAsync())}";
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>What operators are told: which check costs the verdict, and how the group stands.</summary>
    private static string Why(string body)
    {
        using JsonDocument told = JsonDocument.Parse(body);
        return told.RootElement.TryGetProperty("notes", out JsonElement notes) ? $" {string.Join("; ", notes.EnumerateArray().Select(static note => note.GetString()))}" : "";
    }
}
