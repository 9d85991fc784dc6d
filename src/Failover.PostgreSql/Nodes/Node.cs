using Failover.PostgreSql.Cutting;
using Failover.PostgreSql.Lag;
using Failover.PostgreSql.Probing;
using Npgsql;

namespace Failover.PostgreSql.Nodes;

/// <summary>One node: the pool of the app's connections to it, and the session that it is probed over. Safe for any thread.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _left = new();
    private long _preparedSince = -1;
    private volatile bool _hasOldSession;
    private volatile bool _hasOldPool;

    internal Node(FailoverMember member, NpgsqlDataSource source, NodeConnections connections, NodeSession session)
    {
        (Member, Source, Connections, Session) = (member, source, connections, session);
    }

    internal FailoverMember Member { get; }

    /// <summary>Gets the pool. Npgsql opens nothing before it is used.</summary>
    internal NpgsqlDataSource Source { get; }

    internal NodeConnections Connections { get; }

    internal NodeSession Session { get; }

    internal StandbyLag Lag { get; } = new();

    /// <summary>Gets a token that fires when the node is next left.</summary>
    internal CancellationToken Left
    {
        get
        {
            lock (_gate)
            {
                return _left.Token;
            }
        }
    }

    /// <summary>The node is not what it was: connections to it end, idle and in use, and none is made until it is trusted.</summary>
    internal void Leave()
    {
        CancellationTokenSource left;
        lock (_gate)
        {
            left = _left;
            if (Connections.IsCondemned)
            {
                return;
            }

            Connections.Condemn();
        }

        // Who waits for a connection goes on elsewhere: not on the thread that decides.
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), left, preferLocal: false);
    }

    /// <summary>The node has proven what it is.</summary>
    internal void Trust()
    {
        lock (_gate)
        {
            if (!Connections.IsCondemned)
            {
                return;
            }

            _left = new CancellationTokenSource();
            Connections.Trust();
        }
    }

    /// <summary>The name of the node leads to another machine.</summary>
    internal void Moved()
    {
        _hasOldPool = true;
        _hasOldSession = true;
    }

    /// <summary>Drops the session that leads to the machine that the name has left; the next one leads to the other. For who asks over it.</summary>
    /// <returns>Whether there was a move.</returns>
    internal bool LeaveOldSession()
    {
        if (!_hasOldSession)
        {
            return false;
        }

        _hasOldSession = false;
        Session.Drop();
        return true;
    }

    /// <summary>Cuts the connections to the machine that the name has left. For who decides where callers go: none may come before the node has proven itself anew.</summary>
    internal void LeaveOldPool()
    {
        if (!_hasOldPool || _hasOldSession)
        {
            return;
        }

        _hasOldPool = false;
        if (!Connections.IsCondemned)
        {
            Leave();
            Trust();
        }
    }

    /// <summary>
    /// There is no primary, and this node may be the next: once in each such time it gets a connection into its pool, which lives through the promotion. The first write then needs no handshake, which takes longer than to see the promotion.
    /// </summary>
    /// <param name="since">Since when there is no primary.</param>
    internal void Prepare(Moment since)
    {
        if (!Connections.IsCondemned && Interlocked.Exchange(ref _preparedSince, since.Elapsed.Ticks) != since.Elapsed.Ticks)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static node => _ = node.FillAsync(), this, preferLocal: false);
        }
    }

    private async Task FillAsync()
    {
        try
        {
            NpgsqlConnection connection = await Source.OpenConnectionAsync(Left).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody waits for it: who needs a connection opens one, and is told why not.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await Source.DisposeAsync().ConfigureAwait(false);
        Connections.Dispose();
    }
}
