using System.Collections.Concurrent;
using System.Diagnostics;
using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.TestServers.Writes;

/// <summary>
/// Knows when a node can take a write: over a session of its own to each node it tries one every 5 ms, and every 10 ms a new session where that is lost. No client can be sooner but by luck.
/// It begins with the nodes that there are.
/// </summary>
public sealed class Oracle : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PaceOfSessions = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<(string Node, int Timeline), OracleWrites> _seen = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private Oracle(IEnumerable<PostgreSqlNode> nodes) => _running = Task.WhenAll(nodes.Select(node => Task.Run(() => WatchAsync(node))));

    /// <summary>Gets what was seen so far, in the order of the first writes.</summary>
    public IReadOnlyList<OracleWrites> Seen => [.. _seen.Values.OrderBy(static writes => writes.First)];

    /// <summary>Starts to watch nodes of a cluster whose primary has the table, by <see cref="WritesTable.CreateAsync"/>.</summary>
    public static Oracle Start(IEnumerable<PostgreSqlNode> nodes) => new(nodes);

    /// <summary>Waits until a node has taken a write at a timeline above this one.</summary>
    /// <exception cref="TimeoutException">None did within the limit.</exception>
    public async Task<OracleWrites> WaitForTimelineAboveAsync(int timeline, TimeSpan limit)
    {
        using CancellationTokenSource end = new(limit);
        using PeriodicTimer look = new(Pace);
        while (true)
        {
            if (Seen.FirstOrDefault(writes => writes.Timeline > timeline) is { } found)
            {
                return found;
            }

            try
            {
                await look.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"No write above timeline {timeline} within {limit.TotalSeconds} s; seen: {string.Join("; ", Seen)}");
            }
        }
    }

    /// <summary>Ends the sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task WatchAsync(PostgreSqlNode node)
    {
        // A second to connect: a frozen node never answers, and thaws unannounced. A command has no limit: its answer after the thaw is a write taken.
        string settings = $"{node.ConnectionString};Pooling=false;Timeout=1;Command Timeout=0;Application Name=oracle";
        using PeriodicTimer pace = new(PaceOfSessions);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                // Abandoned at the end, not awaited: a frozen node keeps both for as long as it likes.
                await WatchSessionAsync(node, settings).WaitAsync(_stop.Token);
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or TimeoutException)
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

    private async Task WatchSessionAsync(PostgreSqlNode node, string settings)
    {
        await using NpgsqlConnection connection = new(settings);
        await connection.OpenAsync(_stop.Token);
        await using NpgsqlCommand command = new($"insert into oracle (node) values ('{node.Name}') returning timeline", connection);
        using PeriodicTimer pace = new(Pace);
        do
        {
            try
            {
                int timeline = (int)(await command.ExecuteScalarAsync(CancellationToken.None))!;
                Note(node.Name, timeline, Stopwatch.GetTimestamp());
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
            {
                // A standby; the session is as good as before.
            }
        }
        while (await pace.WaitForNextTickAsync(_stop.Token));
    }

    private void Note(string node, int timeline, long at) =>
        _seen.AddOrUpdate((node, timeline), new OracleWrites(node, timeline, at, at), (_, before) => before with { Last = at });
}
