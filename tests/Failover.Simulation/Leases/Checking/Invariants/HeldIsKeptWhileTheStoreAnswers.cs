using Failover.Simulation.Leases.Hosts;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>While all is well, whoever holds the lease keeps it, under the same token, without a moment in which it may not act.</summary>
internal sealed class HeldIsKeptWhileTheStoreAnswers : LeaseInvariant
{
    private LeaseHost? _holder;
    private Guid _attempt;

    internal override void Settled()
    {
        foreach (LeaseHost host in World.Hosts)
        {
            if (host.Gate is { MayAct: true, Lease: { } lease })
            {
                (_holder, _attempt) = (host, lease.Request.Attempt);
            }
        }
    }

    internal override void Folded(in LeaseSeen seen)
    {
        if (_holder == seen.Host && !_holder.Gate.MayAct)
        {
            Fail($"host-{_holder.Index} held the lease, and lost it although all was well");
        }
    }

    internal override void AtRest()
    {
        Judge();
        if (_holder is not { Gate: { MayAct: true, Lease: { } lease } } || lease.Request.Attempt != _attempt)
        {
            Fail($"host-{_holder?.Index} held the lease, and lost it although all was well");
        }
    }
}
