using Failover.HealthChecks;

namespace Failover.AspNetCore.Draining;

/// <summary>Whether this node is shutting down, and how far it has come. Safe for any thread.</summary>
internal sealed class NodeShutdown(NodeDrain drain, TimeProvider time)
{
    private const string Reason = "shutdown";
    private const long Never = long.MaxValue;

    private volatile bool _begun;
    private long _closesFrom = Never;

    /// <summary>Whether it has begun: connections are to be closed after their answer.</summary>
    internal bool IsBegun => _begun;

    /// <summary>Whether the listener will soon be gone: what clings to this node, like a sticky session, has to move as well.</summary>
    internal bool IsClosing => time.GetTimestamp() >= Volatile.Read(ref _closesFrom);

    internal void Begin()
    {
        _begun = true;
        drain.Begin(Reason);
    }

    /// <summary>Says how long the listener is still held open.</summary>
    internal void Hold(TimeSpan hold) => Volatile.Write(ref _closesFrom, time.GetTimestamp() + (long)(hold.TotalSeconds / 2 * time.TimestampFrequency));
}
