using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Leases.Worlds;

namespace Failover.Simulation.Leases.Stores;

/// <summary>
/// Kubernetes: the API server keeps an object and compares its version at each write; no more. Each process judges by its own clock, since it saw the object first as it is. One that was never there, or is gone, is made without a holder, and then waited
/// for like any other: somebody may still hold what it was before.
/// </summary>
internal sealed class KubernetesStore(LeaseWorld world) : SimStore(world)
{
    private readonly TimeSpan _duration = world.Scenario.Granted;
    private Record? _record;
    private long _version;

    internal override Guid? KeptFor => _record?.Attempt;

    internal override IStoreClient Connect(LeaseHost host) => new Client(this, host);

    internal override void ChangeLeader(TimeSpan lacks)
    {
        // Its own etcd has another leader; what it has written stays.
    }

    internal override void Rebuild()
    {
        base.Rebuild();
        _record = null;
    }

    /// <returns>The record as it is then; null if it is another one by now than was read.</returns>
    private Record? Write(long? read, Record next)
    {
        if (_record?.Version != read)
        {
            return null;
        }

        _record = next with { Version = ++_version };
        return _record;
    }

    /// <param name="Version">Grows with each write.</param>
    /// <param name="Lineage">Which object of this name it is: its UID.</param>
    /// <param name="Attempt">Of whom; null if it was given back, or never held.</param>
    /// <param name="Holder">The name of that.</param>
    /// <param name="Transitions">How often it was taken.</param>
    /// <param name="Renewed">When, by the holder's wall clock.</param>
    /// <param name="MayBeHeld">Whether it must be waited for.</param>
    private sealed record Record(long Version, string Lineage, Guid? Attempt, string? Holder, long Transitions, DateTimeOffset Renewed, bool MayBeHeld);

    private sealed class Client(KubernetesStore store, LeaseHost host) : IStoreClient
    {
        private const int MostTries = 3;

        private long? _seen;
        private TimeSpan _seenAt;

        public void Take(LeaseRequest request, Action<LeaseAnswer> answered, Action failed) => Read(
            record =>
            {
                Moment now = host.Clock.Now;
                if (_seen != record?.Version)
                {
                    (_seen, _seenAt) = (record?.Version, now.Elapsed);
                }

                if (record is null)
                {
                    Ask(() => store.Write(null, new(0, store.Lineage, null, null, 0, now.Utc, MayBeHeld: store.World.Rules.WaitsAfterALoss)), _ => answered(LeaseAnswer.Held(null, null)), failed);
                    return;
                }

                TimeSpan left = record.MayBeHeld ? store._duration - store.World.Rules.Unchanged(now.Elapsed - _seenAt, record.Renewed, now.Utc) : TimeSpan.Zero;
                if (left > TimeSpan.Zero)
                {
                    answered(LeaseAnswer.Held(record.Holder, left));
                    return;
                }

                Ask(
                    () =>
                    {
                        long token = store.World.Rules.NextToken(0, record.Transitions + 1, !record.MayBeHeld);
                        if (store.Write(record.Version, record with { Attempt = request.Attempt, Holder = request.Holder, Transitions = record.Transitions + 1, Renewed = now.Utc, MayBeHeld = true }) is not { } taken)
                        {
                            return LeaseAnswer.Held(null, null);
                        }

                        Epoch epoch = new(taken.Lineage, token);
                        store.World.Checker.Granted(host, request, epoch, wasFree: !record.MayBeHeld);
                        return LeaseAnswer.Granted(new(epoch, store._duration));
                    },
                    answered,
                    failed);
            },
            failed);

        public void Renew(LeaseRequest request, LeaseGrant grant, Action<LeaseGrant?> answered, Action failed) => Read(
            record =>
            {
                bool ours = KeptIn(record) is { } kept && store.World.Rules.IsTheSame(kept, request);
                if (!ours && (store.World.Rules.RenewsOnlyWhatIsKept || record is not { Attempt: null }))
                {
                    answered(null);
                    return;
                }

                DateTimeOffset now = host.Clock.Now.Utc;
                Ask(
                    () =>
                    {
                        Record? renewed = store.Write(record!.Version, record with { Attempt = request.Attempt, Renewed = now, MayBeHeld = true });
                        if (renewed is not null)
                        {
                            store.World.Checker.Renewed(request, grant);
                        }

                        return renewed is not null;
                    },
                    written => (written ? () => answered(grant) : failed)(),
                    failed);
            },
            failed);

        public void Release(LeaseRequest request, Action done) => Release(request, done, MostTries);

        private void Release(LeaseRequest request, Action done, int tries) => Read(
            record =>
            {
                if (KeptIn(record) is not { } kept || !store.World.Rules.IsTheSameToRelease(kept, request) || tries == 0)
                {
                    done();
                    return;
                }

                Ask(
                    () =>
                    {
                        Record free = store.World.Rules.FreesWhatIsGivenBack ? record! with { Attempt = null, Holder = null, MayBeHeld = false } : record!;
                        bool written = store.Write(record!.Version, free) is not null;
                        if (written)
                        {
                            store.World.Checker.Released(request);
                            store.TellWatchers();
                        }

                        return written;
                    },
                    written => (written ? done : () => Release(request, done, tries - 1))(),
                    done);
            },
            done);

        private static Kept? KeptIn(Record? record) => record is { Attempt: { } attempt } ? new(attempt, record.Holder!, new(record.Lineage, record.Transitions), default) : null;

        private void Read(Action<Record?> read, Action failed) => Ask(() => store._record, read, failed);

        private void Ask<T>(Func<T> work, Action<T> answered, Action failed) => store.World.Ask(host, host.ToStore, store.Server, work, answered, failed);
    }
}
