using System.Diagnostics.CodeAnalysis;
using Failover.Simulation.Checking;
using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Leases.Worlds;

namespace Failover.Simulation.Leases.Checking;

/// <summary>A promise of leases. Its class's name is its name.</summary>
internal abstract class LeaseInvariant
{
    internal string Name => GetType().Name;

    /// <summary>How often there was something to judge.</summary>
    internal long Judged { get; private set; }

    protected LeaseWorld World { get; private set; } = null!;

    protected LeaseLedger Ledger { get; private set; } = null!;

    internal void Begin(LeaseWorld world, LeaseLedger ledger) => (World, Ledger) = (world, ledger);

    /// <summary>The fold took a step.</summary>
    internal virtual void Folded(in LeaseSeen seen)
    {
    }

    /// <summary>The store granted a lease. The ledger has it not yet.</summary>
    internal virtual void Granted(LeaseHost to, Guid attempt, Epoch epoch)
    {
    }

    /// <summary>The store renewed a lease, or would not.</summary>
    internal virtual void Renewed(Guid attempt, LeaseGrant? grant)
    {
    }

    /// <summary>The store was told that a lease is given back, which it kept until then.</summary>
    internal virtual void Released(Guid attempt)
    {
    }

    /// <summary>The resource applies an act.</summary>
    /// <param name="act">The act.</param>
    /// <param name="version">What it is applied on.</param>
    internal virtual void Applied(Act act, long version)
    {
    }

    /// <summary>Something happened after which another host may be valid than before.</summary>
    internal virtual void Instant()
    {
    }

    /// <summary>All faults have been over for as long as it takes until somebody holds the lease.</summary>
    internal virtual void Settled()
    {
    }

    /// <summary>And for a while after.</summary>
    internal virtual void AtRest()
    {
    }

    protected void Judge() => Judged++;

    [DoesNotReturn]
    protected void Fail(string message) => throw new InvariantViolated(Name, message);
}
