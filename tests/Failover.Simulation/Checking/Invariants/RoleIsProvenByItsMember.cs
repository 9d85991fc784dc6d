namespace Failover.Simulation.Checking.Invariants;

/// <summary>Where members have roles, none becomes active but by its own word, given in time. Nobody else's word promotes.</summary>
internal sealed class RoleIsProvenByItsMember : Invariant
{
    internal override void After(in Seen seen)
    {
        if (Ledger.IsPriority || !seen.ActiveChanged || seen.After.Active is not { } active)
        {
            return;
        }

        MemberLedger? member = Ledger.Find(active);
        if (member?.Answer?.Role != MemberRole.Primary)
        {
            Fail($"{active} became active, but its last answer was {member?.Answer?.Role.ToString() ?? "none"}");
        }
    }
}
