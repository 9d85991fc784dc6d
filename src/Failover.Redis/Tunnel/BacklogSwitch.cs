using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Failover.Redis.Tunnel;

/// <summary>
/// Whether a multiplexer keeps commands while it has no connection, or fails them at once. Its policy is one object that it reads with each such command, and has no setter for the time after it was made: that one is called all the same. Where a version has none, commands wait
/// for their timeout in place of failing at once.
/// </summary>
internal sealed class BacklogSwitch
{
    private readonly BacklogPolicy _policy;
    private readonly bool _mayWait;

    /// <param name="given">The app's own policy: where it fails commands at once, that stays so.</param>
    internal BacklogSwitch(BacklogPolicy given)
    {
        _mayWait = given.QueueWhileDisconnected;
        _policy = new BacklogPolicy { QueueWhileDisconnected = _mayWait, AbortPendingOnConnectionFailure = given.AbortPendingOnConnectionFailure };
    }

    /// <summary>Gets what the multiplexer is made with.</summary>
    internal BacklogPolicy Policy => _policy;

    /// <summary>Lets commands wait, or not.</summary>
    internal void Set(bool mayWait)
    {
        if (_mayWait && _policy.QueueWhileDisconnected != mayWait)
        {
            try
            {
                SetQueueWhileDisconnected(_policy, mayWait);
            }
            catch (MissingMethodException)
            {
                // Then they wait.
            }
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_QueueWhileDisconnected")]
    private static extern void SetQueueWhileDisconnected(BacklogPolicy policy, bool value);
}
