using System.Data.Common;
using Failover.PostgreSql.Nodes;
using Npgsql;

namespace Failover.PostgreSql;

/// <summary>Gives connections for reads: <see cref="FailoverDataSource.ForReads"/>. Disposing of it does nothing. Safe for any thread.</summary>
public sealed class FailoverReadDataSource : DbDataSource
{
    private readonly FailoverDataSource _source;
    private readonly TimeSpan _maxLag;

    internal FailoverReadDataSource(FailoverDataSource source, TimeSpan maxLag) => (_source, _maxLag) = (source, maxLag);

    /// <summary>Gets the connection string without its secrets.</summary>
    public override string ConnectionString => _source.ConnectionString;

    /// <summary>
    /// Opens a connection to a standby that was, at its last probe, no further behind than asked for; to the next one, and at last to the primary, where that fails. A standby takes no writes.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PrimaryUnavailableException">There is no such standby, and no primary in time.</exception>
    /// <exception cref="NpgsqlException">The node that is left is there, and refuses.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public new async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken = default)
    {
        _source.Router.Current();
        Node[] standbys = [.. Fit().Select(member => _source.Cluster.Nodes.Of(member.Member))];
        int first = standbys.Length == 0 ? 0 : (int)((uint)Interlocked.Increment(ref _source.Reads) % standbys.Length);
        for (int i = 0; i < standbys.Length; i++)
        {
            Node standby = standbys[(first + i) % standbys.Length];
            if (await _source.TryOpenAsync(standby, cancellationToken).ConfigureAwait(false) is { } connection)
            {
                return connection;
            }
        }

        return await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a connection for reads; blocks the thread. Prefer <see cref="OpenConnectionAsync"/>, which tells what is thrown.</summary>
    public new NpgsqlConnection OpenConnection() => OpenConnectionAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection() =>
        Fit().FirstOrDefault() is { } standby ? _source.Cluster.Nodes.Of(standby.Member).Source.CreateConnection() : _source.CreateConnection();

    /// <inheritdoc/>
    protected override DbConnection OpenDbConnection() => OpenConnection();

    /// <inheritdoc/>
    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => await OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    private IEnumerable<MemberSnapshot> Fit() => _source.Group.Snapshot.Readable.Where(member => member.Lag <= _maxLag);
}
