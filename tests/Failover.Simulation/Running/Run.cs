using Failover.Election;
using Failover.Simulation.Checking;
using Failover.Simulation.Hosts;
using Failover.Simulation.Reporting;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Running;

/// <summary>What came of one run.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Kind">Its kind of world.</param>
/// <param name="Cells">How often each event met each condition.</param>
/// <param name="Violated">The promise that was broken; null if none was.</param>
/// <param name="Recording">What the host whose engine broke it had been fed.</param>
internal sealed record RunResult(ulong Seed, WorldKind Kind, CellTable Cells, InvariantViolated? Violated, Recording? Recording);

/// <summary>One run: a world of faults, then calm.</summary>
internal static class Run
{
    internal static RunResult Of(ulong seed, IFold fold)
    {
        Scenario scenario = new(seed);
        Log log = new();
        World world = new(scenario, fold, log);
        try
        {
            Live(world);
            return new(seed, scenario.Kind, log.Cells, null, null);
        }
        catch (InvariantViolated violated)
        {
            return new(seed, scenario.Kind, log.Cells, violated, log.Last);
        }
    }

    private static void Live(World world)
    {
        People people = new(world);
        Faults faults = new(world, people);
        Promises promises = new(world);
        foreach (Host host in world.Hosts)
        {
            host.Start(EpochBook.Empty);
        }

        world.Cluster?.Start();
        faults.Start();
        people.Start();
        promises.Start();
        world.Agenda.RunUntil(world.Scenario.Chaos);
        faults.Heal();
        people.Heal();
        world.Agenda.RunUntil(world.Scenario.Chaos + Scenario.Calm);
        promises.AtRest();
    }
}
