using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Failover.TestServers.Resp;
using Failover.TestServers.Sentinel;

namespace Failover.TestServers.Writes.Redis;

/// <summary>Knows when a node can take a write: over a connection of its own to each node it tries one every 5 ms, and every 10 ms a new connection where that is lost. No client can be sooner but by luck.</summary>
public sealed class RedisOracle : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PaceOfConnections = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Node, string Id), Reign> _seen = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private RedisOracle(IEnumerable<RedisNode> nodes) => _running = Task.WhenAll(nodes.Select(node => Task.Run(() => WatchAsync(node))));

    /// <summary>Gets what was seen so far, in the order of the first writes.</summary>
    public IReadOnlyList<Reign> Seen => [.. _seen.Values.OrderBy(static reign => reign.First)];

    /// <summary>Starts to watch nodes.</summary>
    public static RedisOracle Start(IEnumerable<RedisNode> nodes) => new(nodes);

    /// <summary>Waits until a node has taken a write.</summary>
    /// <exception cref="TimeoutException">None did within the limit.</exception>
    public Task<Reign> WaitAsync(Func<Reign, bool> isSo, TimeSpan limit) =>
        Waiting.ForAsync(() => Task.FromResult(Seen.FirstOrDefault(isSo)), Pace, limit, () => $"a reign; seen: {string.Join("; ", Seen)}");

    /// <summary>Ends the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task WatchAsync(RedisNode node)
    {
        using PeriodicTimer pace = new(PaceOfConnections);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await WatchConnectionAsync(node);
            }
            catch (Exception exception) when (exception is IOException or SocketException or RespException or OperationCanceledException)
            {
                // Lost; the next round opens another.
            }

            try
            {
                await pace.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task WatchConnectionAsync(RedisNode node)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(ConnectLimit);
        await using RespConnection connection = await node.ConnectAsync(limit.Token);
        using PeriodicTimer pace = new(Pace);
        do
        {
            // No limit: the answer of a frozen node after its thaw is a write taken.
            long asked = Stopwatch.GetTimestamp();
            await connection.SendAsync(_stop.Token, ["SET", $"oracle:{node.Name}", "1"], ["INFO", "replication"]);
            object? written = await connection.ReadAsync(_stop.Token);
            long acknowledged = Stopwatch.GetTimestamp();
            if (await connection.ReadAsync(_stop.Token) is string said && written is "OK" && RedisNodeState.Of(said) is { IsMaster: true } state)
            {
                _seen.GetOrAdd((node.Name, state.ReplicationId), _ => new(node.Name, state.ReplicationId, state.PreviousId, state.PromotedAt, acknowledged)).Note(asked, acknowledged, state.Offset);
            }
            else
            {
                foreach (Reign over in _seen.Values.Where(reign => reign.Node == node.Name))
                {
                    over.End(acknowledged);
                }
            }
        }
        while (await pace.WaitForNextTickAsync(_stop.Token));
    }
}
