using System.Collections.Concurrent;
using Failover.Redis.Resp;

namespace Failover.Redis.Probing;

/// <summary>The nodes of a group, each with a connection that it is probed over. Safe for any thread.</summary>
internal sealed class RedisNodes(RespAccess access) : IAsyncDisposable
{
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

    /// <summary>Asks a node whether it is a master. Who was never probed as a member is not connected to: the answer is no.</summary>
    /// <exception cref="OperationCanceledException">No answer came before the token was cancelled.</exception>
    internal async ValueTask<bool> SaysMasterAsync(FailoverMember member, CancellationToken cancellationToken) =>
        Find(member) is { } node && await node.SaysMasterAsync(cancellationToken).ConfigureAwait(false);

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
