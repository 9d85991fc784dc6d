namespace Failover.Redis.Following;

/// <summary>Reads of a group's snapshot what it means for who has something to write.</summary>
internal static class MasterOf
{
    /// <summary>
    /// Returns the master that commands go to now; null if they have to wait, or there is none. A switch that somebody asked for is prepared for seconds, and says itself from when on commands wait.
    /// </summary>
    internal static FailoverMember? Snapshot(GroupSnapshot snapshot) => snapshot switch
    {
        { Condition: GroupCondition.Settled, Active: { } active } => active,
        { Condition: GroupCondition.Switching, Active: { } active, IsHeld: false } when snapshot.Members.Any(member => member.Member.Equals(active) && member is { Verdict: Verdict.Healthy, Role: MemberRole.Primary }) => active,
        _ => null,
    };

    /// <summary>Whether it is of use to wait where there is none now.</summary>
    internal static bool MayCome(GroupSnapshot snapshot) => snapshot.Condition is GroupCondition.Starting or GroupCondition.Switching or GroupCondition.Settled;
}
