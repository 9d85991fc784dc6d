using Failover.Leases;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>The store is asked for one thing at a time: the next call begins when the last has been answered, or has failed. To give back what may be held waits for nothing.</summary>
internal sealed class OneCallAtATime : LeaseInvariant
{
    private readonly Dictionary<Guid, int> _open = [];

    internal override void Folded(in LeaseSeen seen)
    {
        Guid attempt = seen.Lease.Request.Attempt;
        int open = _open.GetValueOrDefault(attempt);
        if (seen.Event is TakeAnswered { Operation: var a } && a == open || seen.Event is RenewalAnswered { Operation: var b } && b == open || seen.Event is CallFailed { Operation: var c } && c == open)
        {
            _open.Remove(attempt);
            open = 0;
        }

        foreach (LeaseEffect effect in seen.Effects)
        {
            int next = effect is Take take ? take.Operation : effect is Renew renew ? renew.Operation : 0;
            if (next == 0)
            {
                continue;
            }

            Judge();
            if (open != 0)
            {
                Fail($"host-{seen.Host.Index}: call {next} begins while {open} is under way");
            }

            _open[attempt] = open = next;
        }
    }
}
