using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Running;

namespace Failover.Simulation.Leases.Worlds;

/// <summary>What a resource outside compares before it applies an act.</summary>
[Flags]
internal enum Compares
{
    /// <summary>The token: none lower than the highest that it has seen, of the lineage that it trusts.</summary>
    Tokens = 1,

    /// <summary>The version that the act was decided on: compare-and-swap.</summary>
    Versions = 2,
}

/// <summary>An act that is under way to the resource.</summary>
/// <param name="By">The host.</param>
/// <param name="Attempt">Under which of its leases.</param>
/// <param name="Token">The token of that.</param>
/// <param name="Version">What the host had read before; null for an act that names none.</param>
internal sealed record Act(LeaseHost By, Guid Attempt, Epoch Token, long? Version);

/// <summary>What holders act on: a DNS zone, a row, a file. It knows of no lease and asks nobody; it only compares what an act brings along.</summary>
internal sealed class Resource(LeaseWorld world)
{
    private Epoch _highest = new(world.Store.Lineage, 0);

    internal Server Server { get; } = new();

    internal long Version { get; private set; }

    /// <summary>People say that the arbiter was built anew: tokens of this lineage count from now on, and no others.</summary>
    internal void Trust(string lineage)
    {
        if (lineage != _highest.Lineage)
        {
            _highest = new(lineage, 0);
        }
    }

    /// <returns>Whether it was applied.</returns>
    internal bool Apply(Act act)
    {
        Compares compares = world.Scenario.Compares;
        if (compares.HasFlag(Compares.Tokens) && !world.Rules.ResourceTakes(act.Token, _highest))
        {
            world.Tally.Saw(act.Token.Lineage == _highest.Lineage ? Sight.ActRefusedByToken : Sight.ActRefusedByLineage);
            world.Trace?.Add(act.By, $"act under {act.Token} is refused: the highest seen is {_highest}");
            return false;
        }

        if (compares.HasFlag(Compares.Versions) && act.Version is { } version && !world.Rules.ResourceTakes(version, Version))
        {
            world.Tally.Saw(Sight.ActRefusedByVersion);
            world.Trace?.Add(act.By, $"act under {act.Token} is refused: it was decided on version {version}, which is {Version} now");
            return false;
        }

        world.Trace?.Add(act.By, $"act under {act.Token} is applied");
        world.Checker.Applied(act, Version);
        Version++;
        _highest = act.Token.Lineage == _highest.Lineage && act.Token.Number > _highest.Number ? act.Token : _highest;
        return true;
    }
}
