using Failover.Leases;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>An answer that nobody waits for any more moves nothing: least of all until when the lease is valid.</summary>
internal sealed class LateAnswersToLeasesChangeNothing : LeaseInvariant
{
    internal override void Folded(in LeaseSeen seen)
    {
        int? operation = seen.Event switch
        {
            TakeAnswered taken => taken.Operation,
            RenewalAnswered renewed => renewed.Operation,
            CallFailed failed => failed.Operation,
            _ => null,
        };
        if (operation is null || seen.Before.Phase == LeasePhase.Over || (seen.Before.InFlight && seen.Before.Operation == operation))
        {
            return;
        }

        Judge();
        if (!ReferenceEquals(seen.Before, seen.After) && !seen.Tells<TellOver>())
        {
            Fail($"host-{seen.Host.Index}: nobody waits for the answer to call {operation}, and it changes the lease");
        }
    }
}
