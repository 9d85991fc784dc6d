using Failover.TestServers.Writes;
using Npgsql;

namespace Failover.Scenarios.Postgres.Clients;

/// <summary>What writes rows into a cluster, and should go on when that has lost its primary: ours, or a peer.</summary>
internal abstract class ClusterClient : IAsyncDisposable
{
    /// <summary>How long the caller gives a write, where the client takes a token.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private const int Warm = 5;

    /// <summary>The group of ours; null for a peer.</summary>
    internal virtual FailoverGroup? Group => null;

    /// <summary>Writes a row, and gives the timeline that took it.</summary>
    internal abstract Task<int?> WriteAsync(long id, CancellationToken cancellationToken);

    /// <summary>What an exception says of the row.</summary>
    internal virtual RowOutcome OutcomeOf(Exception exception) => RowWriter.OfPlainClient(exception);

    /// <summary>Opens some connections, so that the pool has them when the fault comes.</summary>
    internal async Task WarmAsync()
    {
        NpgsqlConnection[] connections = await Task.WhenAll(Enumerable.Range(0, Warm).Select(_ => OpenAsync(CancellationToken.None).AsTask()));
        foreach (NpgsqlConnection connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    public abstract ValueTask DisposeAsync();

    protected abstract ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken);

    protected async Task<int?> OpenAndWriteAsync(long id, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        return await WritesTable.InsertAsync(connection, id, cancellationToken);
    }

    protected async Task<int?> OpenAndWriteWithinLimitAsync(long id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        return await OpenAndWriteAsync(id, limit.Token);
    }
}
