using Failover.Simulation.Leases.Checking.Invariants;
using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Worlds;

namespace Failover.Simulation.Leases.Checking;

/// <summary>Keeps the ledger of one world, and has everything that happens in it judged.</summary>
internal sealed class LeaseChecker
{
    private readonly LeaseWorld _world;
    private readonly LeaseLedger _ledger = new();
    private int _attempts;

    internal LeaseChecker(LeaseWorld world)
    {
        _world = world;
        foreach (LeaseInvariant invariant in Invariants)
        {
            invariant.Begin(world, _ledger);
        }
    }

    internal LeaseInvariant[] Invariants { get; } = AllOfLeases.Make();

    /// <summary>Whom the store granted the lease last.</summary>
    internal LeaseHost? Newest => _ledger.Find(_ledger.Newest)?.To;

    internal Guid NextAttempt() => new(++_attempts, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    internal void Folded(in LeaseSeen seen)
    {
        _world.Tally.Saw(seen);
        foreach (LeaseInvariant invariant in Invariants)
        {
            invariant.Folded(seen);
        }

        Instant();
    }

    internal void Granted(LeaseHost to, LeaseRequest request, Epoch epoch, bool wasFree)
    {
        _world.Trace?.Add(to, $"the store grants it {epoch}");
        _world.Tally.Saw(wasFree ? Sight.GrantOfWhatWasFree : Sight.GrantOfWhatRanOut);
        foreach (LeaseInvariant invariant in Invariants)
        {
            invariant.Granted(to, request.Attempt, epoch);
        }

        _ledger.Add(request.Attempt, to, epoch);
        Instant();
    }

    internal void Renewed(LeaseRequest request, LeaseGrant? grant)
    {
        _world.Tally.Saw(grant is null ? Sight.RenewalRefused : Sight.Renewal);
        foreach (LeaseInvariant invariant in Invariants)
        {
            invariant.Renewed(request.Attempt, grant);
        }
    }

    internal void Released(LeaseRequest request)
    {
        _world.Tally.Saw(Sight.Release);
        foreach (LeaseInvariant invariant in Invariants)
        {
            invariant.Released(request.Attempt);
        }

        if (_ledger.Find(request.Attempt) is { } grant)
        {
            grant.IsGone = true;
        }
    }

    internal void Applied(Act act, long version)
    {
        _world.Tally.Saw(_ledger.Newest == act.Attempt ? Sight.ActApplied : Sight.ActAppliedBeforeTheNextHolderActed);
        foreach (LeaseInvariant invariant in Invariants)
        {
            invariant.Applied(act, version);
        }
    }

    internal void LostSome() => _ledger.LostSome();

    internal void Instant()
    {
        foreach (LeaseInvariant invariant in Invariants)
        {
            invariant.Instant();
        }
    }

    internal void Settled()
    {
        foreach (LeaseInvariant invariant in Invariants)
        {
            invariant.Settled();
        }
    }

    internal void AtRest()
    {
        foreach (LeaseInvariant invariant in Invariants)
        {
            invariant.AtRest();
        }
    }
}
