using Failover.Etcd.Watching;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Etcd.Tests.Fakes;

/// <summary>Listens to a watch, and counts what it tells and logs.</summary>
internal sealed class Heard : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _ending = new();
    private readonly FakeLogCollector _logs = new();
    private readonly Task _listening;
    private int _hints;

    internal Heard(string key, params string[] endpoints)
        : this(Quick(endpoints), key)
    {
    }

    internal Heard(EtcdOptions options, string key)
        : this(() => new WatchSettings(options, key))
    {
    }

    internal Heard(Func<WatchSettings> settings) => _listening = ListenAsync(new KeyWatch(settings, new FakeLogger(_logs), TimeProvider.System));

    internal int Hints => Volatile.Read(ref _hints);

    /// <summary>Gets what people are told.</summary>
    internal IReadOnlyList<string> Logs => [.. Told.Select(static one => $"{one.Id.Name}: {one.Message}")];

    /// <summary>Gets why endpoints were left.</summary>
    internal IReadOnlyList<string> Left => [.. _logs.GetSnapshot().Where(static one => one.Id.Id == 7002).Select(static one => one.Message)];

    private List<FakeLogRecord> Told => [.. _logs.GetSnapshot().Where(static one => one.Id.Id != 7002)];

    internal static EtcdOptions Quick(params string[] endpoints) => new()
    {
        Endpoints = endpoints,
        Timeout = TimeSpan.FromSeconds(1),
        CheckInterval = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>Waits until the watch stands, at an endpoint if one is named.</summary>
    internal Task WatchedAsync(string endpoint = "") => UntilAsync(
        () => Told is [.., { Id.Id: 7000 } last] && last.Message.Contains(endpoint.Replace("http://", "", StringComparison.Ordinal).TrimEnd('/'), StringComparison.Ordinal),
        $"watched {endpoint}");

    internal Task LostAsync() => UntilAsync(() => Told is [.., { Id.Id: 7001 }], "lost");

    internal Task HintAsync(int number = 1) => UntilAsync(() => Hints >= number, $"{number} hints");

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _listening;
        _ending.Dispose();
    }

    private async Task ListenAsync(KeyWatch watch)
    {
        try
        {
            await foreach (Hint hint in watch.ReadHintsAsync(_ending.Token))
            {
                Assert.Equal((HintKind.LookNow, "etcd", null), (hint.Kind, hint.Source, hint.Member));
                Interlocked.Increment(ref _hints);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
        }
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        using CancellationTokenSource limit = new(Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        try
        {
            while (!condition())
            {
                // The listener never ends by itself.
                if (_listening.IsCompleted)
                {
                    await _listening;
                }

                await look.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not {what} within {Limit}: {Hints} hints, {string.Join(" | ", Logs)}");
        }
    }
}
