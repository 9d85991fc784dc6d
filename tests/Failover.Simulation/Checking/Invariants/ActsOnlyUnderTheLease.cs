using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>Where a lease is needed, nothing is changed outside without it, and the switcher gets its token.</summary>
internal sealed class ActsOnlyUnderTheLease : Invariant
{
    internal override void After(in Seen seen)
    {
        foreach (GroupEffect effect in seen.Effects)
        {
            if (effect is Switch { Target: { } target } act && Ledger.Settings.NeedsLease && (act.LeaseToken is null || act.LeaseToken != Ledger.LeaseToken))
            {
                Fail($"the switch to {target} has token {Text(act.LeaseToken)}; the lease held is {Text(Ledger.LeaseToken)}");
            }
        }
    }

    private static string Text(long? token) => token is { } held ? $"{held}" : "none";
}
