using Failover.Simulation.Leases.Hosts;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>
/// At no instant of true time would two hosts act, if they looked; and from the instant at which the store grants a lease, no former holder would, although the new one has yet to hear of it. A host that stands still does not act; the instant at which it
/// goes on counts, before its process has come to anything. As long as two clocks differ by no more than the margin, and a machine that sleeps has a wall clock that is not put back.
/// </summary>
internal sealed class NeverTwoValidHolders : LeaseInvariant
{
    internal override void Instant()
    {
        foreach (LeaseHost host in World.Hosts)
        {
            if (host.Gate is { MayAct: true, Lease: { } lease })
            {
                Judge();
                if (lease.Request.Attempt != Ledger.Newest)
                {
                    GrantMade? newest = Ledger.Find(Ledger.Newest);
                    Fail($"host-{host.Index} would act under {lease.State.Grant?.Epoch}, although host-{newest?.To.Index} has been granted {newest?.Epoch}");
                }
            }
        }
    }
}
