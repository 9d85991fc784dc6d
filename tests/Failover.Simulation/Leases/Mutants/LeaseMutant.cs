using System.Collections.Immutable;
using Failover.Leases;
using Failover.Simulation.Leases.Running;

namespace Failover.Simulation.Leases.Mutants;

/// <summary>A fold, a store, a resource or a holder with a bug; or clocks that do what nobody can stand. Its class's name says what is wrong.</summary>
/// <param name="breaks">The invariant that must catch it.</param>
internal abstract class LeaseMutant(Type breaks) : LeaseRules
{
    internal string Breaks { get; } = breaks.Name;

    protected static (LeaseState State, ImmutableArray<LeaseEffect> Effects) Without<T>((LeaseState State, ImmutableArray<LeaseEffect> Effects) step)
        where T : LeaseEffect => (step.State, step.Effects.RemoveAll(effect => effect is T));
}
