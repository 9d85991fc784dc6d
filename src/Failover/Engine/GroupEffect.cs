namespace Failover.Engine;

/// <summary>What is to be done. The only way out of the fold.</summary>
internal abstract record GroupEffect;

/// <summary>Look at a member, and answer with <see cref="ProbeCompleted"/> after <paramref name="Timeout"/> at the latest.</summary>
internal sealed record Probe(FailoverMember Member, int Incarnation, long Attempt, TimeSpan Timeout) : GroupEffect;

/// <summary>Ask the arbiter for the lease, and answer with <see cref="LeaseGranted"/> or <see cref="LeaseLost"/>; and with <see cref="LeaseLost"/> when it is lost later.</summary>
internal sealed record AcquireLease : GroupEffect
{
    internal static readonly AcquireLease Instance = new();
}

/// <summary>
/// Make <paramref name="Target"/> true outside under the lease, or only read what is true there if it is null; answer with <see cref="SwitchCompleted"/>. <paramref name="Failed"/> is the member that failed and is to be left, where
/// that is why: not one that is left in peace.
/// </summary>
internal sealed record Switch(long Operation, FailoverMember? Target, long? LeaseToken, FailoverMember? Failed) : GroupEffect;

/// <summary>Wait until callers see that <paramref name="Member"/> is active, and answer with <see cref="VisibleCompleted"/>; in place of any earlier wait.</summary>
internal sealed record AwaitVisible(FailoverMember Member) : GroupEffect;

/// <summary>Tell a revision of a switchover.</summary>
internal sealed record Publish(Switchover Switchover) : GroupEffect;

/// <summary>Send a <see cref="Tick"/> at <paramref name="At"/>, in place of any earlier wish.</summary>
internal sealed record WakeAt(TimeSpan At) : GroupEffect;
