using Failover.Simulation.Checking;
using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Worlds;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Leases.Running;

/// <summary>What came of one run.</summary>
/// <param name="Scenario">What it was like.</param>
/// <param name="Tally">What happened in it.</param>
/// <param name="Violated">The promise that was broken; null if none was.</param>
internal sealed record LeaseResult(LeaseScenario Scenario, Tally Tally, InvariantViolated? Violated);

/// <summary>One run: a world of faults, then calm.</summary>
internal static class LeaseLife
{
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(Link.Prompt);

    internal static LeaseResult Of(ulong seed, LeaseRules rules) => Of(new LeaseScenario(seed, rules), rules);

    internal static LeaseResult Of(LeaseScenario scenario, LeaseRules rules, Trace? trace = null)
    {
        LeaseWorld world = new(scenario, rules, trace);
        if (trace is not null)
        {
            trace.Agenda = world.Agenda;
        }

        InvariantViolated? violated = null;
        try
        {
            Live(world);
        }
        catch (InvariantViolated broken)
        {
            violated = broken;
        }
        catch (Exception exception)
        {
            violated = new("TheFoldNeverThrows", exception.Message, exception);
        }

        world.Tally.Judged(world.Checker.Invariants);
        return new(scenario, world.Tally, violated);
    }

    private static void Live(LeaseWorld world)
    {
        LeaseFaults faults = new(world);
        foreach (LeaseHost host in world.Hosts)
        {
            host.Start();
        }

        faults.Start();
        world.Agenda.RunUntil(world.Scenario.Chaos);
        faults.Heal();

        // What was under way still comes, however late. From then on time counts.
        while (world.LastArrival - world.Agenda.Now > Prompt)
        {
            world.Agenda.RunUntil(world.LastArrival);
        }

        world.Agenda.RunUntil(world.Agenda.Now + world.Scenario.SomeoneHoldsWithin);
        world.Checker.Settled();
        world.Agenda.RunUntil(world.Agenda.Now + (world.Scenario.Settings.Duration * 3));
        world.Checker.AtRest();
    }
}
