using System.Collections.Immutable;
using Failover.Engine;
using Failover.Simulation.Running;

namespace Failover.Simulation.Checking;

/// <summary>What can be known from the events and effects of a group. Kept apart from the engine's own state: its counters and verdicts are never read.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<FailoverMember, MemberLedger> _members = [];
    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal);

    internal Ledger(Beginning beginning, Step first)
    {
        Settings = beginning.Settings;
        foreach (Epoch epoch in beginning.Epochs.Highest)
        {
            Raise(epoch);
        }

        Take(beginning.Members, beginning.Now.Elapsed);
        Emitted(first.Effects);
    }

    internal GroupSettings Settings { get; private set; }

    internal IReadOnlyCollection<MemberLedger> Members => _members.Values;

    internal long? LeaseToken { get; private set; }

    /// <summary>The operation that the switcher has been given and has not answered.</summary>
    internal Switch? Operation { get; private set; }

    internal bool Pinned { get; private set; }

    internal bool IsPriority => Settings.Elector == ElectorKind.Priority;

    internal MemberLedger? Find(FailoverMember? member) => member is not null && _members.TryGetValue(member, out MemberLedger? known) ? known : null;

    internal long HighestOf(string lineage) => _highest.GetValueOrDefault(lineage, long.MinValue);

    /// <summary>Whether anybody has ever told an epoch.</summary>
    internal bool HasEpochs => _highest.Count > 0;

    /// <summary>Whether the answer is the one that is waited for, and in time.</summary>
    internal bool InTime(ProbeCompleted probe) =>
        Find(probe.Member)?.Asked is { LeftBehind: false } asked && asked.Incarnation == probe.Incarnation && asked.Attempt == probe.Attempt;

    /// <summary>Whether it is the end of the probe that was left behind.</summary>
    internal bool EndsLeftBehind(ProbeCompleted probe) =>
        Find(probe.Member)?.Asked is { LeftBehind: true } asked && asked.Incarnation == probe.Incarnation && asked.Attempt == probe.Attempt && !probe.StillRunning;

    internal void Take(in Seen seen)
    {
        EndDrains(seen.Elapsed);
        switch (seen.Event)
        {
            case ProbeCompleted probe when InTime(probe):
                Answered(Find(probe.Member)!, probe, seen);
                break;
            case ProbeCompleted probe when EndsLeftBehind(probe):
                Find(probe.Member)!.Asked = null;
                break;
            case MeterRead read when Find(read.Member) is { } member && seen.Before.Find(read.Member)?.Incarnation == read.Incarnation:
                member.Told(read.Reading, seen.Elapsed);
                member.Called(read.Reading, Settings);
                break;
            case HintReceived { Hint: { QuorumEpoch: { } epoch } hint }:
                Raise(epoch);
                Bind(Find(hint.Member), epoch);
                break;
            case MembersChanged { Members.IsDefaultOrEmpty: false } changed:
                Take(changed.Members, seen.Elapsed);
                break;
            case OptionsChanged options:
                Settings = options.Settings;
                break;
            case Drained drained when Find(drained.Member) is { } member:
                member.Drained(drained.Until > seen.Elapsed ? drained.Until : null);
                break;
            case PinChanged pin:
                Pinned = pin.Pinned;
                break;
            case LeaseGranted granted:
                LeaseToken = granted.Token;
                break;
            case LeaseLost:
                LeaseToken = null;
                break;
            case SwitchCompleted completed when completed.Operation == Operation?.Operation:
                Operation = null;
                break;
            default:
                break;
        }

        TimePasses(seen);
        Emitted(seen.Effects);
    }

    /// <summary>Whether the group was still waiting for first answers when it happened.</summary>
    internal bool Starts(in Seen seen) => seen.Before.Condition == GroupCondition.Starting && seen.Now.Since(seen.Before.Since) < Settings.StartTimeout;

    private void EndDrains(TimeSpan now)
    {
        foreach (MemberLedger member in _members.Values)
        {
            if (member.DrainedUntil <= now)
            {
                member.Drained(null);
            }
        }
    }

    private void TimePasses(in Seen seen)
    {
        foreach (MemberLedger member in _members.Values)
        {
            if (member.Asked is { LeftBehind: true })
            {
                member.Waited();
            }
        }
    }

    private void Answered(MemberLedger member, ProbeCompleted probe, in Seen seen)
    {
        TimeSpan now = seen.Elapsed;
        member.Asked = probe.StillRunning ? (probe.Incarnation, probe.Attempt, true) : null;
        member.Told(probe, now);
        if (probe.Result.Outcome is ProbeOutcome.Failed or ProbeOutcome.TimedOut)
        {
            member.Failed(probe.Result.Outcome, Starts(seen), now, Settings);
            return;
        }

        member.Succeeded(probe.Result, Settings);
        if (probe.Result.Epoch is { } epoch)
        {
            Raise(epoch);
        }
    }

    /// <summary>Quorums' words may overtake each other: an earlier epoch of the same lineage says nothing any more.</summary>
    private static void Bind(MemberLedger? member, Epoch epoch)
    {
        if (member is not null && !(member.Bound is { } bound && string.Equals(bound.Lineage, epoch.Lineage, StringComparison.Ordinal) && bound.Number > epoch.Number))
        {
            member.Bound = epoch;
        }
    }

    private void Raise(Epoch epoch) => _highest[epoch.Lineage] = Math.Max(epoch.Number, HighestOf(epoch.Lineage));

    private void Take(ImmutableArray<FailoverMember> members, TimeSpan now)
    {
        foreach (FailoverMember gone in _members.Keys.Where(m => !members.Contains(m)).ToList())
        {
            _members.Remove(gone);
        }

        foreach (FailoverMember member in members)
        {
            _members.TryAdd(member, new(member, now));
        }
    }

    private void Emitted(IReadOnlyList<GroupEffect> effects)
    {
        foreach (GroupEffect effect in effects)
        {
            if (effect is Probe probe && Find(probe.Member) is { } member)
            {
                member.Asked = (probe.Incarnation, probe.Attempt, false);
                member.LastAttempt = probe.Attempt;
            }
            else if (effect is Switch asked)
            {
                Operation = asked;
            }
        }
    }
}
