using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Worlds;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Leases.Stores;

/// <summary>etcd and PostgreSQL: the server does each thing in one step, and judges by its own clock.</summary>
internal sealed class ServerStore(LeaseWorld world) : SimStore(world)
{
    private readonly List<(TimeSpan At, Kept? Kept)> _past = [];
    private Kept? _kept;
    private TimeSpan _freeFrom;
    private bool _lost;
    private long _timeline = 1;
    private long _counter;

    /// <summary>By how much later than it could etcd may see that a lease has run out.</summary>
    internal static TimeSpan SlowestToExpire => TimeSpan.FromSeconds(1);

    internal override Guid? KeptFor => _kept?.Attempt;

    private bool IsEtcd => World.Scenario.Kind == StoreKind.Etcd;

    private TimeSpan Clock => World.Agenda.Now * World.Scenario.StoreRate;

    internal override IStoreClient Connect(LeaseHost host) => new Client(this, host);

    internal override void ChangeLeader(TimeSpan lacks)
    {
        if (IsEtcd)
        {
            _kept = _kept is null ? null : _kept with { Until = Until() };
            return;
        }

        // The standby has all but what the old primary wrote last; the old primary is gone for good.
        TimeSpan has = World.Agenda.Now - lacks;
        _past.RemoveAll(past => past.At > has);
        _kept = _past.LastOrDefault().Kept;
        _counter = _kept is null ? 0 : _kept.Epoch.Number & uint.MaxValue;
        _timeline++;
        _lost = true;
        World.Checker.LostSome();
    }

    internal override void Rebuild()
    {
        base.Rebuild();
        Keep(null);
        (_timeline, _counter, _lost) = (1, 0, true);
    }

    private LeaseAnswer Take(LeaseHost host, LeaseRequest request)
    {
        MindLosses(request);
        TimeSpan now = Clock;
        bool wasFree = _kept is null;
        if (_kept is { } kept && !World.Rules.RunsOut(kept.Until, now))
        {
            return LeaseAnswer.Held(kept.Holder, IsEtcd ? null : kept.Until - now);
        }

        if (now < _freeFrom)
        {
            return LeaseAnswer.Held(null, _freeFrom - now);
        }

        return LeaseAnswer.Granted(Grant(host, request, wasFree));
    }

    private LeaseGrant? Renew(LeaseHost host, LeaseRequest request)
    {
        MindLosses(request);
        LeaseGrant? renewed = null;
        if (_kept is { } kept && World.Rules.IsTheSame(kept, request) && !World.Rules.RunsOut(kept.Until, Clock))
        {
            Keep(kept with { Until = Until() });
            renewed = new(kept.Epoch, World.Scenario.Granted);
        }
        else if (!World.Rules.RenewsOnlyWhatIsKept && (_kept is null || World.Rules.RunsOut(_kept.Until, Clock)))
        {
            renewed = Grant(host, request, _kept is null);
        }

        World.Checker.Renewed(request, renewed);
        return renewed;
    }

    private bool Release(LeaseRequest request)
    {
        MindLosses(request);
        if (_kept is { } kept && World.Rules.IsTheSameToRelease(kept, request))
        {
            if (World.Rules.FreesWhatIsGivenBack)
            {
                Keep(null);
            }

            World.Checker.Released(request);
            TellWatchers();
        }

        return true;
    }

    private LeaseGrant Grant(LeaseHost host, LeaseRequest request, bool wasFree)
    {
        _counter += IsEtcd ? World.Dice.From(1, 3) : 1;
        Epoch epoch = new(Lineage, World.Rules.NextToken(_timeline, _counter, wasFree));
        Keep(new(request.Attempt, request.Holder, epoch, Until()));
        World.Checker.Granted(host, request, epoch, wasFree);
        return new(epoch, World.Scenario.Granted);
    }

    /// <summary>
    /// What was granted and then lost may still be held. Nobody can say since when it was lost: it is counted from the first question that meets the loss. Until then whoever is in the row may renew, though what it has renewed since is lost.
    /// </summary>
    private void MindLosses(LeaseRequest request)
    {
        if (!_lost)
        {
            return;
        }

        _lost = false;
        if (World.Rules.WaitsAfterALoss)
        {
            _freeFrom = Clock + (request.Duration > World.Scenario.Granted ? request.Duration : World.Scenario.Granted);
            _kept = _kept is null ? null : _kept with { Until = _freeFrom };
        }
    }

    private TimeSpan Until() => Clock + World.Scenario.Granted + (IsEtcd ? World.Dice.Seconds(0, SlowestToExpire.TotalSeconds * 0.99) : TimeSpan.Zero);

    private void Keep(Kept? kept)
    {
        _kept = kept;
        if (!IsEtcd)
        {
            _past.Add((World.Agenda.Now, kept));
        }
    }

    private sealed class Client(ServerStore store, LeaseHost host) : IStoreClient
    {
        public void Take(LeaseRequest request, Action<LeaseAnswer> answered, Action failed) => Ask(() => store.Take(host, request), answered, failed);

        public void Renew(LeaseRequest request, LeaseGrant grant, Action<LeaseGrant?> answered, Action failed) => Ask(() => store.Renew(host, request), answered, failed);

        public void Release(LeaseRequest request, Action done) => Ask(() => store.Release(request), _ => done(), done);

        private void Ask<T>(Func<T> work, Action<T> answered, Action failed) => store.World.Ask(host, host.ToStore, store.Server, work, answered, failed);
    }
}
