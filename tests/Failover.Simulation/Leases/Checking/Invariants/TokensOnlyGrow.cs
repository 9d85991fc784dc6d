using Failover.Leases;
using Failover.Simulation.Leases.Hosts;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>Each grant has a higher token than all before it of its lineage, also those that a promoted standby does not know of. A holder has the one that it was granted, and no other, until it is over.</summary>
internal sealed class TokensOnlyGrow : LeaseInvariant
{
    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal);

    internal override void Granted(LeaseHost to, Guid attempt, Epoch epoch)
    {
        Judge();
        if (_highest.TryGetValue(epoch.Lineage, out long highest) && epoch.Number <= highest)
        {
            Fail($"host-{to.Index} is granted {epoch}, and {epoch.Lineage}/{highest} was granted before");
        }

        _highest[epoch.Lineage] = epoch.Number;
    }

    internal override void Folded(in LeaseSeen seen)
    {
        if (seen.After is { Phase: LeasePhase.Held, Grant: { } grant } && grant.Epoch != Ledger.Find(seen.Lease.Request.Attempt)?.Epoch)
        {
            Fail($"host-{seen.Host.Index} holds {grant.Epoch} and was granted {Ledger.Find(seen.Lease.Request.Attempt)?.Epoch}");
        }
    }
}
