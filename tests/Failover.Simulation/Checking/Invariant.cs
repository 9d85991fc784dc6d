using System.Diagnostics.CodeAnalysis;
using Failover.Engine;

namespace Failover.Simulation.Checking;

/// <summary>A promise of the engine, checked at each step. Its class's name is its name.</summary>
internal abstract class Invariant
{
    internal string Name => GetType().Name;

    protected Ledger Ledger { get; private set; } = null!;

    internal void Begin(Ledger ledger, Step first)
    {
        Ledger = ledger;
        Began(first);
    }

    /// <summary>Called before the ledger takes the step in: it shows what was known until now.</summary>
    internal virtual void Before(in Seen seen)
    {
    }

    /// <summary>Called after the ledger took the step in.</summary>
    internal virtual void After(in Seen seen)
    {
    }

    /// <summary>Called when all faults have been over for long.</summary>
    internal virtual void AtRest(GroupState state, TimeSpan now)
    {
    }

    protected virtual void Began(Step first)
    {
    }

    [DoesNotReturn]
    protected void Fail(string message) => throw new InvariantViolated(Name, message);
}
