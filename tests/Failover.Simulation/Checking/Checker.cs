using Failover.Engine;
using Failover.Simulation.Running;

namespace Failover.Simulation.Checking;

/// <summary>Checks one life of one group against all invariants.</summary>
internal sealed class Checker
{
    private readonly Ledger _ledger;
    private readonly Invariant[] _invariants;

    internal Checker(Beginning beginning, Step first)
    {
        _ledger = new(beginning, first);
        _invariants = Invariants.All.Make();
        foreach (Invariant invariant in _invariants)
        {
            invariant.Begin(_ledger, first);
        }
    }

    /// <summary>The settings that the group was given.</summary>
    internal GroupSettings Settings => _ledger.Settings;

    internal void Saw(in Seen seen)
    {
        foreach (Invariant invariant in _invariants)
        {
            invariant.Before(seen);
        }

        _ledger.Take(seen);
        foreach (Invariant invariant in _invariants)
        {
            invariant.After(seen);
        }
    }

    internal void AtRest(GroupState state, TimeSpan now)
    {
        foreach (Invariant invariant in _invariants)
        {
            invariant.AtRest(state, now);
        }
    }

    /// <summary>The fold is pure and takes every event: it never throws.</summary>
    internal static Step Guard(Func<Step> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (exception is not InvariantViolated)
        {
            throw new InvariantViolated("TheFoldNeverThrows", exception.Message, exception);
        }
    }
}
