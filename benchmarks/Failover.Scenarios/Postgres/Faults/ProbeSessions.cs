using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.Scenarios.Postgres.Faults;

/// <summary>Counts the sessions of our probe on each node, as the node itself shows them, ten times a second.</summary>
internal sealed class ProbeSessions : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _most;

    internal ProbeSessions(IEnumerable<PostgreSqlNode> nodes) => _running = Task.WhenAll([.. nodes.Select(node => Task.Run(() => WatchAsync(node)))]);

    /// <summary>The most that one node had at a time.</summary>
    internal int Most => Volatile.Read(ref _most);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task WatchAsync(PostgreSqlNode node)
    {
        await using NpgsqlConnection connection = new(node.SuperuserConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("select count(*)::int from pg_stat_activity where application_name like 'failover-probe %'", connection);
        using PeriodicTimer pace = new(Pace);
        try
        {
            do
            {
                int count = (int)(await command.ExecuteScalarAsync(_stop.Token))!;
                InterlockedMax(count);
            }
            while (await pace.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void InterlockedMax(int count)
    {
        int most;
        while (count > (most = Most) && Interlocked.CompareExchange(ref _most, count, most) != most)
        {
        }
    }
}
