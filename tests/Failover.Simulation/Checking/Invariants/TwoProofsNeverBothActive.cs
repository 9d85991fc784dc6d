namespace Failover.Simulation.Checking.Invariants;

/// <summary>While two members prove to be primary and neither proof is above the other, none is active: at once with epochs, after the tolerated overlap without.</summary>
internal sealed class TwoProofsNeverBothActive : Invariant
{
    private TimeSpan? _overlapSince;

    internal override void After(in Seen seen)
    {
        if (Ledger.IsPriority || ReferenceEquals(seen.Before, seen.After))
        {
            return;
        }

        int plain = 0;
        MemberLedger? first = null;
        foreach (MemberLedger member in Ledger.Members)
        {
            if (!member.ClaimsPrimary)
            {
                continue;
            }

            if (member.Epoch is not { } epoch)
            {
                plain += member.Standing == Standing.Healthy ? 1 : 0;
                continue;
            }

            bool counts = epoch.Number == Ledger.HighestOf(epoch.Lineage) && (seen.After.Epochs.Trusted ?? epoch.Lineage) == epoch.Lineage;
            if (counts && first is not null && first.Epoch == epoch && seen.After.Active is not null)
            {
                Fail($"{first.Member} and {member.Member} both prove {epoch}, and {seen.After.Active} is active");
            }

            first = counts ? member : first;
        }

        bool overlap = plain > 1 && seen.After.Epochs.Trusted is null && first is null;
        _overlapSince = overlap ? _overlapSince ?? seen.Elapsed : null;
        if (_overlapSince is { } since && seen.Elapsed - since >= Ledger.Settings.OverlapTolerance && seen.After.Active is not null)
        {
            Fail($"{plain} members without epochs say that they are primary since {since}, and {seen.After.Active} is active");
        }
    }
}
