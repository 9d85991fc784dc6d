using Failover.Simulation.Leases.Hosts;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>However things stood, once all are well somebody holds the lease within the time that the settings promise: see <see cref="Running.LeaseScenario.SomeoneHoldsWithin"/>.</summary>
internal sealed class SomeoneHoldsOnceTheNetworkHeals : LeaseInvariant
{
    internal override void Settled()
    {
        Judge();
        foreach (LeaseHost host in World.Hosts)
        {
            if (host.Gate.MayAct)
            {
                return;
            }
        }

        Fail($"all has been well for {World.Scenario.SomeoneHoldsWithin}, and nobody holds the lease");
    }
}
