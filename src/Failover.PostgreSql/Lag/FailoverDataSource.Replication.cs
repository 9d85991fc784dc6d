using Failover.PostgreSql.Lag;

namespace Failover.PostgreSql;

/// <content>How the nodes replicate.</content>
public sealed partial class FailoverDataSource
{
    /// <summary>
    /// Reads how the nodes replicate: of each its role, epoch and lag, as of its last probe; and from the primary's views, over a connection of its pool, the state of each connection that replicates and the slots. A user that may only connect sees less of these, which
    /// <see cref="ReplicationStatus.NotRead"/> says. For people and tools, not for each request. Takes 2 seconds at most: what does not answer until then is left out.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="ObjectDisposedException">The data source was disposed of.</exception>
    public Task<ReplicationStatus> ReadReplicationAsync(CancellationToken cancellationToken = default) =>
        ReplicationReader.ReadAsync(Group.Snapshot, _router.Current().Primary, _cluster.Nodes.Of, _cluster.Parts.Time, cancellationToken);
}
