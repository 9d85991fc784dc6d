using System.Collections.Immutable;
using Failover.Simulation.Leases.Checking;
using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Running;
using Failover.Simulation.Leases.Stores;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Leases.Worlds;

/// <summary>Hosts that compete for one lease, the store that keeps it, and the resource on which its holder acts. Everything that happens in it follows from the scenario.</summary>
internal sealed class LeaseWorld
{
    internal LeaseWorld(LeaseScenario scenario, LeaseRules rules, Trace? trace)
    {
        (Scenario, Rules, Trace) = (scenario, rules, trace);
        Dice = new(scenario.Seed ^ 0xD1B54A32D192ED03);
        Hosts = [.. Enumerable.Range(0, scenario.Rates.Length).Select(i => new LeaseHost(this, i))];
        Store = scenario.Kind == StoreKind.Kubernetes ? new KubernetesStore(this) : new ServerStore(this);
        Resource = new(this);
        Checker = new(this);
    }

    internal LeaseScenario Scenario { get; }

    internal LeaseRules Rules { get; }

    internal Trace? Trace { get; }

    internal Dice Dice { get; }

    internal Agenda Agenda { get; } = new();

    internal Tally Tally { get; } = new();

    internal ImmutableArray<LeaseHost> Hosts { get; }

    internal SimStore Store { get; }

    internal Resource Resource { get; }

    internal LeaseChecker Checker { get; }

    /// <summary>Whether the faults are over.</summary>
    internal bool Calm { get; set; }

    /// <summary>When the last message that is under way arrives.</summary>
    internal TimeSpan LastArrival { get; private set; }

    /// <summary>One question over the network. Without an answer, nothing is ever called. An answer that comes while the host stands still waits for it.</summary>
    internal void Ask<T>(LeaseHost host, Way way, Server server, Func<T> work, Action<T> answered, Action refused) => host.Send(() =>
    {
        int life = host.Life;
        Travel(way.Out, () => server.Serve(
            () =>
            {
                T result = work();
                Travel(way.Back, () => host.Receive(() => answered(result), life));
            },
            () => Travel(way.Back, () => host.Receive(refused, life))));
    });

    private void Travel(Link link, Action arrive)
    {
        if (link.Loses(Dice))
        {
            Tally.Saw(Sight.MessageLost);
            return;
        }

        TimeSpan travel = link.Travel(Dice);
        LastArrival = LastArrival > Agenda.Now + travel ? LastArrival : Agenda.Now + travel;
        Agenda.In(travel, arrive);
    }
}
