using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Failover.Redis.Tunnel;

/// <summary>
/// Whether a multiplexer keeps commands while it has no connection, or fails them at once, and with the next connection that fails those too that it has kept. Its policy is one object that it reads each time, and has no setters for the time after it was made: those are called
/// all the same. Where a version has none, commands wait for their timeout in place of failing at once.
/// </summary>
internal sealed class BacklogSwitch
{
    private readonly BacklogPolicy _policy;
    private readonly bool _mayWait;
    private readonly bool _abortsPending;

    /// <param name="given">The app's own policy: where it fails commands at once, that stays so.</param>
    internal BacklogSwitch(BacklogPolicy given)
    {
        (_mayWait, _abortsPending) = (given.QueueWhileDisconnected, given.AbortPendingOnConnectionFailure);
        _policy = new BacklogPolicy { QueueWhileDisconnected = _mayWait, AbortPendingOnConnectionFailure = _abortsPending };
    }

    /// <summary>Gets what the multiplexer is made with.</summary>
    internal BacklogPolicy Policy => _policy;

    /// <summary>Lets commands wait, or not.</summary>
    /// <returns>Whether they may wait no longer, and could until now.</returns>
    internal bool Set(bool mayWait)
    {
        if (!_mayWait || _policy.QueueWhileDisconnected == mayWait)
        {
            return false;
        }

        try
        {
            SetQueueWhileDisconnected(_policy, mayWait);
            SetAbortPendingOnConnectionFailure(_policy, !mayWait || _abortsPending);
            return !mayWait;
        }
        catch (MissingMethodException)
        {
            // Then they wait.
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_QueueWhileDisconnected")]
    private static extern void SetQueueWhileDisconnected(BacklogPolicy policy, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_AbortPendingOnConnectionFailure")]
    private static extern void SetAbortPendingOnConnectionFailure(BacklogPolicy policy, bool value);
}
