using Failover.Redis.Sets;
using Failover.Redis.Tunnel;
using Microsoft.Extensions.Primitives;

namespace Failover.Redis.Following;

/// <summary>Keeps the tunnels in step with the group: connections wait while the master changes, and go to the one that has proven itself. Safe for any thread.</summary>
internal sealed class RedisRouter : IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReaderPace = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a connection is given to be left by itself.</summary>
    private static readonly TimeSpan LongestLeave = TimeSpan.FromSeconds(1);

    private readonly FailoverGroup _group;
    private readonly RedisSet _set;
    private readonly Lock _gate = new();
    private readonly IDisposable _subscription;
    private readonly Lazy<ITimer> _pace;
    private readonly ITimer _again;
    private long _version;
    private FailoverMember? _master;
    private FailoverMember? _reader;
    private bool _hasLed;
    private (FailoverMember Master, long Since)? _lacking;
    private long? _leaving;

    internal RedisRouter(FailoverGroup group, RedisSet set)
    {
        (_group, _set) = (group, set);
        _pace = new(() => set.Parts.Time.CreateTimer(_ => Follow(), null, ReaderPace, ReaderPace));
        _again = set.Parts.Time.CreateTimer(_ => LookAgain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _subscription = ChangeToken.OnChange(group.GetChangeToken, Follow);
        Follow();
    }

    /// <summary>Looks from now on whether the replica that is read from is still fit: that changes with its lag, and is no news of the group's.</summary>
    internal void WatchReaders()
    {
        _ = _pace.Value;
        Follow();
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _again.Dispose();
        if (_pace.IsValueCreated)
        {
            _pace.Value.Dispose();
        }
    }

    private void Follow()
    {
        lock (_gate)
        {
            GroupSnapshot snapshot = _group.Snapshot;
            if (snapshot.Version <= _version)
            {
                return;
            }

            _version = snapshot.Version;
            _ = _set.Nodes.KeepAsync(snapshot.Members.Select(static member => member.Member)).AsTask();
            Follow(snapshot);
        }
    }

    private void Follow(GroupSnapshot snapshot)
    {
        // Where there is nobody to wait for, it is of no use to wait, nor to have waited.
        bool isGivenUp = _set.Backlog.Set(MasterOf.MayCome(snapshot));
        FollowMaster(snapshot);
        FollowReplica(snapshot);
        if (isGivenUp)
        {
            _set.Masters.SendAway();
            _set.Replicas.SendAway();
        }
    }

    private void FollowMaster(GroupSnapshot snapshot)
    {
        if (MasterOf.Snapshot(snapshot) is { } master && !LacksReplicas(master))
        {
            // To the same one: it was a suspicion, or an announcement that nothing came of.
            Lead(_set.Masters, ref _master, master);
            (_hasLed, _lacking) = (true, null);
            return;
        }

        _set.Masters.Hold(snapshot.Reason ?? "no node is the master");
        if (_master is not null && !_master.Equals(snapshot.Active))
        {
            // What is still on its way to a node that was left is not answered any more, or by a node whose writes are lost.
            _set.Masters.CutAll($"{_master.Name} was left");
            _master = null;
        }
    }

    /// <summary>A new master that needs replicas to take a write has none at first, and refuses until one has come over: that is a part of the failover, and waited for as long as commands may be held.</summary>
    private bool LacksReplicas(FailoverMember master)
    {
        if (!_hasLed || master.Equals(_master) || _set.Nodes.Find(master)?.Last is not { GoodReplicas: 0 })
        {
            return false;
        }

        long now = _set.Parts.Time.GetTimestamp();
        if (_lacking is not { } lacking || !lacking.Master.Equals(master))
        {
            // Each has a time of its own, though another was waited for just before.
            _lacking = lacking = (master, now);
        }

        if (_set.Parts.Time.GetElapsedTime(lacking.Since, now) >= _set.Options.HoldLimit)
        {
            return false;
        }

        _again.Change(Glance, Timeout.InfiniteTimeSpan);
        return true;
    }

    private void LookAgain()
    {
        lock (_gate)
        {
            Follow(_group.Snapshot);
        }
    }

    /// <summary>Reads stay with the replica they are at as long as that is fit; where none is, they go to the master.</summary>
    private void FollowReplica(GroupSnapshot snapshot)
    {
        FailoverMember? next = _reader is not null && snapshot.Readable.Any(member => member.Member.Equals(_reader)) ? _reader : NextReader(snapshot);
        if (next is null)
        {
            _set.Replicas.Hold("no replica is fit for reads, and no node is the master");
            _reader = null;
        }
        else if (!IsLeaving(snapshot, next))
        {
            Lead(_set.Replicas, ref _reader, next);
        }
    }

    /// <summary>Whether the reads that were sent to a node are still waited for: one that serves is left when they are answered, for as long as that may take; one that has failed at once.</summary>
    private bool IsLeaving(GroupSnapshot snapshot, FailoverMember next)
    {
        bool serves = !next.Equals(_reader) && snapshot.Members.Any(member => member.Verdict == Verdict.Healthy && member.Member.Equals(_reader));
        if (!serves || _set.Replicas.State.Links == 0)
        {
            _leaving = null;
            return false;
        }

        long now = _set.Parts.Time.GetTimestamp();
        if (_leaving is not { } since)
        {
            _leaving = since = now;
            _set.Replicas.Hold($"reads move to {next.Name}");
        }

        if (_set.Parts.Time.GetElapsedTime(since, now) >= LongestLeave)
        {
            _leaving = null;
            return false;
        }

        _again.Change(Glance, Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>Each process has a place of its own in the list, so that not all of them read from the first.</summary>
    private static FailoverMember? NextReader(GroupSnapshot snapshot) => snapshot.Readable is { IsEmpty: false } readable
        ? readable[Environment.ProcessId % readable.Length].Member
        : MasterOf.Snapshot(snapshot);

    private static void Lead(MasterTunnel tunnel, ref FailoverMember? at, FailoverMember to)
    {
        if (to.Equals(at))
        {
            tunnel.Release();
        }
        else
        {
            tunnel.SwitchTo(HostAndPort.Of(to).EndPoint);
            at = to;
        }
    }
}
