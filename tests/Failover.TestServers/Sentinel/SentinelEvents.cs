using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Failover.TestServers.Resp;

namespace Failover.TestServers.Sentinel;

/// <summary>Notes what the sentinels publish, each over a connection of its own, until that is lost. Only the leader of a failover tells its steps. <see cref="Seen"/> may be read at any time.</summary>
public sealed class SentinelEvents : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly ConcurrentQueue<SentinelEvent> _seen = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<SentinelNode, Task> _listening = [];

    private SentinelEvents()
    {
    }

    /// <summary>Gets what was published so far.</summary>
    public IReadOnlyList<SentinelEvent> Seen => [.. _seen];

    /// <summary>Listens to those sentinels that run; when this has ended, nothing is missed.</summary>
    public static async Task<SentinelEvents> ListenAsync(IEnumerable<SentinelNode> sentinels)
    {
        ArgumentNullException.ThrowIfNull(sentinels);
        SentinelEvents events = new();
        foreach (SentinelNode sentinel in sentinels.Where(static sentinel => sentinel.IsRunning))
        {
            RespConnection connection = await sentinel.ConnectAsync(CancellationToken.None);
            await connection.AskAsync(CancellationToken.None, "PSUBSCRIBE", "*");
            events._listening.Add(sentinel, Task.Run(() => events.ReadAsync(sentinel, connection)));
        }

        return events;
    }

    /// <summary>Waits until something was published.</summary>
    /// <exception cref="TimeoutException">It was not within the limit.</exception>
    public Task<SentinelEvent> WaitAsync(Func<SentinelEvent, bool> isSo, TimeSpan limit) =>
        Waiting.ForAsync(() => Task.FromResult(_seen.FirstOrDefault(isSo)), Look, limit, () => "an event; seen: " + string.Join(", ", _seen.Select(static one => one.Channel)));

    /// <summary>Waits until all was noted that a sentinel published before it was killed.</summary>
    internal Task EndOfAsync(SentinelNode killed) => _listening[killed].WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_listening.Values);
        _stop.Dispose();
    }

    private async Task ReadAsync(SentinelNode sentinel, RespConnection connection)
    {
        await using RespConnection one = connection;
        try
        {
            while (true)
            {
                if (await one.ReadAsync(_stop.Token) is object?[] and ["pmessage", _, string channel, string message])
                {
                    _seen.Enqueue(new(sentinel, channel, message, Stopwatch.GetTimestamp()));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // Stopped, or killed.
        }
    }
}
