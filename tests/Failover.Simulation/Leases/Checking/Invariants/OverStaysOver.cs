using Failover.Leases;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>A lease that is over is never held again, whatever comes: its loss has been told, and somebody else may hold it.</summary>
internal sealed class OverStaysOver : LeaseInvariant
{
    internal override void Folded(in LeaseSeen seen)
    {
        if (seen.Before.Phase != LeasePhase.Over)
        {
            return;
        }

        Judge();
        if (!ReferenceEquals(seen.Before, seen.After) || seen.Effects.Length > 0)
        {
            Fail($"host-{seen.Host.Index}: the lease was over, and {seen.Event} makes it {seen.After.Phase}");
        }
    }
}
