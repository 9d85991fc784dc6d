using System.Collections.Concurrent;
using Failover.Redis.Resp;

namespace Failover.Redis.Probing;

/// <summary>The nodes of a group, each with a connection that it is probed over. Safe for any thread.</summary>
internal sealed class RedisNodes(RespAccess access, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A probe of the same node waits meanwhile.</summary>
    private static readonly TimeSpan RoleLimit = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<FailoverMember, RedisNode> _nodes = new();
    private volatile bool _isDisposed;

    /// <summary>Returns the node of a member of the group. Nothing connects before it is asked something.</summary>
    internal RedisNode Of(FailoverMember member)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _nodes.GetOrAdd(member, static (member, access) => new RedisNode(member, access), access);
    }

    /// <summary>Returns the node of a member that was probed; null if it never was, or is no member any more.</summary>
    internal RedisNode? Find(FailoverMember member) => _nodes.GetValueOrDefault(member);

    /// <summary>Asks a node whether it is a master. What goes wrong, and what takes longer than a probe may, is no. Who was never probed as a member is not connected to.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<bool> SaysMasterAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        if (Find(member) is not { } node)
        {
            return false;
        }

        using CancellationTokenSource limit = new(RoleLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await node.SaysMasterAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (RespFaults.IsFault(fault) && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Ends the connections to nodes that are no members any more.</summary>
    internal async ValueTask KeepAsync(IEnumerable<FailoverMember> members)
    {
        HashSet<FailoverMember> kept = [.. members];
        foreach (FailoverMember member in _nodes.Keys)
        {
            if (!kept.Contains(member) && _nodes.TryRemove(member, out RedisNode? gone))
            {
                await gone.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await KeepAsync([]).ConfigureAwait(false);
    }
}
