using System.Data.Common;
using Failover.PostgreSql.Execution;
using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Opening;
using Npgsql;

namespace Failover.PostgreSql;

/// <summary>
/// Gives connections to the node that proves to be the primary, real ones of Npgsql's, from a pool of its own for each node. When another node has taken over, what is open on the former one is cut, and the next connection goes to the new one.
/// Made by <c>AddFailover().AddPostgreSql(…)</c> or by <see cref="FailoverDataSourceBuilder"/>. Safe for any thread.
/// </summary>
public sealed partial class FailoverDataSource : DbDataSource
{
    private readonly Cluster _cluster;
    private readonly Router _router;
    private readonly Opener _opener;
    private readonly bool _ownsGroup;

    internal FailoverDataSource(FailoverGroup group, Cluster cluster, bool ownsGroup)
    {
        (Group, _cluster, _ownsGroup) = (group, cluster, ownsGroup);
        cluster.Nodes.TellTo(group.Hint);
        _router = new Router(group, cluster.Nodes, new OpenGate(width: 8));
        _opener = new Opener(group, _router, cluster.Parts.Time, () => cluster.Limits);
        _executor = new Executor(_opener, cluster.Nodes, cluster.Parts.Time, () => cluster.Limits);
    }

    /// <summary>Gets the group: who is primary, how each node stands, and each switchover.</summary>
    public FailoverGroup Group { get; }

    /// <summary>Gets the connection string without its secrets. It names all nodes: what is opened with it does not follow the primary.</summary>
    public override string ConnectionString => _cluster.String.Shown();

    /// <summary>
    /// Opens a connection to the primary. While there is none it waits, without holding a thread, up to <see cref="PostgreSqlGroupOptions.MaxWait"/>. In the steady state it costs what the pool of Npgsql costs, and no round trip.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait. Heeded at once, on a node that is frozen too.</param>
    /// <exception cref="PrimaryUnavailableException">No node proved to be the primary in time; the message tells what is known of each.</exception>
    /// <exception cref="NpgsqlException">The primary is there, and refuses: a wrong password, a pool that is used up.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public new ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken = default) => _opener.OpenAsync(cancellationToken);

    /// <summary>Opens a connection to the primary. Blocks the thread while there is none; prefer <see cref="OpenConnectionAsync"/>.</summary>
    /// <exception cref="PrimaryUnavailableException">No node proved to be the primary within <see cref="PostgreSqlGroupOptions.MaxWait"/>; the message tells what is known of each.</exception>
    /// <exception cref="NpgsqlException">The primary is there, and refuses.</exception>
    public new NpgsqlConnection OpenConnection() => _opener.Open();

    /// <summary>
    /// Makes a connection that is not open, to the node that is the primary now; where none is, to the one that was, or to the first. It stays with that node: for a connection that follows, open one when it is needed.
    /// </summary>
    public new NpgsqlConnection CreateConnection() => NodeForLater().Source.CreateConnection();

    /// <summary>Gives connections for reads, to a standby that is not further behind than <paramref name="maxLag"/>, in turn where there are several; to the primary where there is none. A light object: keep it, or make one each time.</summary>
    /// <param name="maxLag">How far behind is good enough. No standby is used that is further behind than <see cref="GroupOptions.MaxReadLag"/>.</param>
    public FailoverReadDataSource ForReads(TimeSpan maxLag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLag, TimeSpan.Zero);
        return new FailoverReadDataSource(this, maxLag);
    }

    /// <summary>Counts the connections for reads, so that each standby has its turn.</summary>
    internal int Reads;

    internal Cluster Cluster => _cluster;

    internal Router Router => _router;

    internal TimeProvider Time => _cluster.Parts.Time;

    /// <summary>Opens a connection that its owner keeps, if it leads to the primary; another one if it does not, or if that fails.</summary>
    internal ValueTask<NpgsqlConnection> ReopenAsync(NpgsqlConnection kept, CancellationToken cancellationToken) => _opener.OpenAsync(kept, cancellationToken);

    /// <summary>Opens a connection that its owner keeps, or another one; blocks the thread.</summary>
    internal NpgsqlConnection Reopen(NpgsqlConnection kept) => Opener.Wait(_opener.OpenAsync(kept, CancellationToken.None));

    /// <summary>Opens a connection to a node for reads; null if that node cannot give one.</summary>
    internal ValueTask<NpgsqlConnection?> TryOpenAsync(Node node, CancellationToken cancellationToken) => _opener.TryOpenAsync(node, cancellationToken);

    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection() => CreateConnection();

    /// <inheritdoc/>
    protected override DbConnection OpenDbConnection() => OpenConnection();

    /// <inheritdoc/>
    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => await OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Ends the pools. Connections that are in use end when they are closed.</summary>
    protected override async ValueTask DisposeAsyncCore()
    {
        _router.Dispose();
        if (_ownsGroup)
        {
            await Group.DisposeAsync().ConfigureAwait(false);
        }

        await _cluster.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsyncCore().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeAsyncCore().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private Node NodeForLater()
    {
        GroupSnapshot snapshot = Group.Snapshot;
        FailoverMember? last = snapshot.LastSwitchover?.To;
        FailoverMember member = snapshot.Active ?? (last is not null && snapshot.Members.Any(one => one.Member == last) ? last : snapshot.Members[0].Member);
        return _cluster.Nodes.Of(member);
    }
}
