using System.Collections.Concurrent;
using System.Diagnostics;

namespace Failover.Scenarios.Dns.Clients;

/// <summary>Asks through one client 20 times a second, whatever became of the requests before; each is given up after a second.</summary>
internal sealed class NameLoad : IAsyncDisposable
{
    /// <summary>How many requests are served before a fault: a client that has just begun is slow, and has few connections.</summary>
    private const int WarmUp = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly NameClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(string? Server, string? Failure, long At)> _answers = [];
    private readonly ConcurrentDictionary<Task, bool> _asking = [];
    private readonly Task _running;

    internal NameLoad(NameClientKind kind, NameClient client)
    {
        (Kind, _client) = (kind, client);
        _running = Task.Run(RunAsync);
    }

    internal NameClientKind Kind { get; }

    /// <summary>What became of the requests that were not served, in words.</summary>
    internal string Failures
    {
        get
        {
            string[] kinds = [.. _answers.Where(static answer => answer.Failure is not null).CountBy(static answer => answer.Failure!).Select(static kind => $"{kind.Value} × {kind.Key}")];
            return kinds.Length == 0 ? "none failed" : $"failed: {string.Join(", ", kinds)}";
        }
    }

    /// <summary>Waits until a server has served enough, and nobody else any.</summary>
    internal async Task ServedAsync(string server)
    {
        if (!await UntilAsync(() => _answers.Count(answer => answer.Server == server) >= WarmUp, Limit) || _answers.Any(answer => answer.Server is { } other && other != server))
        {
            throw new InvalidOperationException($"{Kind.Name} is not served by {server} alone: {string.Join(", ", _answers.CountBy(static answer => answer.Server ?? answer.Failure!))}");
        }
    }

    /// <summary>Waits for the first answer of a server, and returns when it came; null if it did not in time.</summary>
    internal async Task<long?> FirstOfAsync(string server, TimeSpan limit)
    {
        await UntilAsync(() => _answers.Any(answer => answer.Server == server), limit);
        return _answers.Where(answer => answer.Server == server).Select(static answer => (long?)answer.At).Min();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Task.WhenAll(_asking.Keys);
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    private static async Task<bool> UntilAsync(Func<bool> isSo, TimeSpan limit)
    {
        using CancellationTokenSource end = new(limit);
        using PeriodicTimer look = new(Pause);
        while (!isSo())
        {
            if (end.IsCancellationRequested)
            {
                return false;
            }

            await look.WaitForNextTickAsync();
        }

        return true;
    }

    private async Task RunAsync()
    {
        using PeriodicTimer next = new(Pause);
        while (!_stop.IsCancellationRequested)
        {
            Task asking = AskAsync();
            _asking[asking] = true;
            _ = asking.ContinueWith(done => _asking.TryRemove(done, out _), TaskScheduler.Default);
            await next.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task AskAsync()
    {
        // Whatever it does before it first waits is not to hold up the next one.
        await Task.Yield();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        end.CancelAfter(Patience);
        string? server = null, failure = null;
        try
        {
            server = await _client.AskAsync(end.Token);
        }
        catch (Exception error)
        {
            failure = error is HttpRequestException { StatusCode: { } status } ? $"{(int)status}" : error.GetType().Name;
        }

        _answers.Enqueue((server, failure, Stopwatch.GetTimestamp()));
    }
}
