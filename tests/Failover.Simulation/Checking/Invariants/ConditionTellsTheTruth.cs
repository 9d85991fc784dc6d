namespace Failover.Simulation.Checking.Invariants;

/// <summary>Settled has an active member that is not known to be failing; a split brain has none; the active member is a member; a starting group leaves that condition in time.</summary>
internal sealed class ConditionTellsTheTruth : Invariant
{
    internal override void After(in Seen seen)
    {
        if (seen.After.Active is { } active && Ledger.Find(active) is null)
        {
            Fail($"{active} is active and no member");
        }

        MemberLedger? member = Ledger.Find(seen.After.Active);
        switch (seen.After.Condition)
        {
            case GroupCondition.Settled when member is null or { Standing: Standing.Suspect or Standing.Unknown }:
                Fail($"settled on {seen.After.Active?.Name ?? "none"}, which is {member?.Standing.ToString() ?? "no member"}");
                break;
            case GroupCondition.SplitBrain when member is not null:
                Fail($"split brain, and {seen.After.Active} is active");
                break;
            case GroupCondition.Unavailable when member is not null && !Ledger.IsPriority:
                Fail($"unavailable, and {seen.After.Active} is active");
                break;
            case GroupCondition.Starting when !ReferenceEquals(seen.Before, seen.After) && seen.Now.Since(seen.After.Since) >= Ledger.Settings.StartTimeout:
                Fail($"starting since {seen.After.Since.Elapsed}, although the time for it is over");
                break;
            default:
                break;
        }
    }
}
