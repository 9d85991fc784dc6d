using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Failover.Groups;

/// <summary>The instruments of all groups that share a meter factory. Tags are built only where somebody listens; members are the only tag whose number users choose.</summary>
internal sealed class Telemetry
{
    private static readonly ActivitySource Activities = new(TelemetryNames.Source);
    private static readonly ConditionalWeakTable<IMeterFactory, Telemetry> ByFactory = [];
    private static readonly Lazy<Telemetry> Shared = new(() => new(new Meter(TelemetryNames.Source)));
    private static readonly GroupCondition[] Conditions = Enum.GetValues<GroupCondition>();
    private static readonly InstrumentAdvice<double> SwitchoverBuckets = new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300] };
    private static readonly InstrumentAdvice<double> ProbeBuckets = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    private readonly Lock _gate = new();
    private readonly HashSet<GroupMonitor> _groups = [];
    private readonly Counter<long> _switchovers;
    private readonly Histogram<double> _detection;
    private readonly Histogram<double> _switch;
    private readonly Histogram<double> _recovery;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _probes;
    private readonly Histogram<double> _probeDuration;
    private readonly UpDownCounter<long> _leftBehind;

    private Telemetry(Meter meter)
    {
        _switchovers = meter.CreateCounter<long>(TelemetryNames.Switchovers, "{switchover}", "Switchovers that are final.");
        _detection = meter.CreateHistogram(TelemetryNames.DetectionDuration, "s", "From the first failure until the old member was given up.", null, SwitchoverBuckets);
        _switch = meter.CreateHistogram(TelemetryNames.SwitchDuration, "s", "From giving up the old member until the new one was active.", null, SwitchoverBuckets);
        _recovery = meter.CreateHistogram(TelemetryNames.RecoveryDuration, "s", "From the first failure until the new member was seen working.", null, SwitchoverBuckets);
        _dropped = meter.CreateCounter<long>(TelemetryNames.RevisionsDropped, "{revision}", "Revisions of switchovers that a slow reader did not get.");
        _probes = meter.CreateCounter<long>(TelemetryNames.Probes, "{probe}", "Probes that ended or ran out of time.");
        _probeDuration = meter.CreateHistogram(TelemetryNames.ProbeDuration, "s", "How long probes took.", null, ProbeBuckets);
        _leftBehind = meter.CreateUpDownCounter<long>(TelemetryNames.ProbesLeftBehind, "{probe}", "Probes that ignored their timeout and still run.");
        meter.CreateObservableGauge(TelemetryNames.GroupCondition, ObserveConditions, "1", "1 for the condition that the group is in, 0 for the others.");
        meter.CreateObservableGauge(TelemetryNames.MemberHealth, ObserveMembers, "1", "1 for a healthy member, 0.5 for a suspect one, 0 for an unhealthy one; unknown ones are left out.");
        meter.CreateObservableGauge(TelemetryNames.ReplicationLag, ObserveLags, "s", "How far a member is behind its primary; left out where that is not known.");
    }

    /// <summary>The instruments of one factory are made once: factories cache meters, but not instruments.</summary>
    internal static Telemetry Of(IMeterFactory? factory) =>
        factory is null ? Shared.Value : ByFactory.GetValue(factory, static f => new(f.Create(TelemetryNames.Source)));

    internal void Add(GroupMonitor group)
    {
        lock (_gate)
        {
            _groups.Add(group);
        }
    }

    internal void Remove(GroupMonitor group)
    {
        lock (_gate)
        {
            _groups.Remove(group);
        }
    }

    internal void Probe(string group, string member, ProbeOutcome outcome, TimeSpan duration)
    {
        if (_probes.Enabled || _probeDuration.Enabled)
        {
            TagList tags = new() { { TelemetryNames.Group, group }, { TelemetryNames.Member, member }, { TelemetryNames.Outcome, TelemetryNames.Of(outcome) } };
            _probes.Add(1, tags);
            _probeDuration.Record(duration.TotalSeconds, tags);
        }
    }

    /// <param name="group">The group.</param>
    /// <param name="member">The member.</param>
    /// <param name="change">1 for a probe that was left behind, -1 when it has ended.</param>
    internal void LeftBehind(string group, string member, int change)
    {
        if (_leftBehind.Enabled)
        {
            _leftBehind.Add(change, new TagList { { TelemetryNames.Group, group }, { TelemetryNames.Member, member } });
        }
    }

    internal void Dropped(string group)
    {
        if (_dropped.Enabled)
        {
            _dropped.Add(1, new TagList { { TelemetryNames.Group, group } });
        }
    }

    /// <summary>Counts a switchover that is final, and tells its trace.</summary>
    internal void Switchover(Switchover switchover, string kind)
    {
        TagList tags = default;
        if (_switchovers.Enabled || _detection.Enabled || _switch.Enabled || _recovery.Enabled)
        {
            tags.Add(TelemetryNames.Group, switchover.Group);
            tags.Add(TelemetryNames.Cause, TelemetryNames.Of(switchover.Cause));
            tags.Add(TelemetryNames.Outcome, TelemetryNames.Of(switchover.Outcome));
            _switchovers.Add(1, tags);
            Record(_detection, switchover.DetectionTime, tags);
            Record(_switch, switchover.SwitchTime, tags);
            Record(_recovery, switchover.RecoveryTime, tags);
        }

        if (Activities.HasListeners())
        {
            Trace(switchover, kind);
        }
    }

    private static void Record(Histogram<double> histogram, TimeSpan? duration, in TagList tags)
    {
        if (duration is { } known)
        {
            histogram.Record(known.TotalSeconds, tags);
        }
    }

    private static void Trace(Switchover switchover, string kind)
    {
        if ((switchover.FirstFailure ?? switchover.Decided ?? switchover.Detected ?? switchover.Switched) is not { } start)
        {
            return;
        }

        // A switchover is nobody's child: the request that happened to fold its last event must not adopt it.
        Activity? current = Activity.Current;
        Activity.Current = null;
        try
        {
            using Activity? activity = Activities.StartActivity(TelemetryNames.SwitchoverActivity, ActivityKind.Internal, default(ActivityContext), startTime: start.Utc);
            if (activity is null)
            {
                return;
            }

            activity.SetTag(TelemetryNames.Group, switchover.Group);
            activity.SetTag(TelemetryNames.Kind, kind);
            activity.SetTag(TelemetryNames.Cause, TelemetryNames.Of(switchover.Cause));
            activity.SetTag(TelemetryNames.Outcome, TelemetryNames.Of(switchover.Outcome));
            activity.SetTag(TelemetryNames.SwitchoverId, switchover.Id);
            activity.SetTag(TelemetryNames.From, switchover.From?.Name);
            activity.SetTag(TelemetryNames.To, switchover.To.Name);
            activity.SetTag(TelemetryNames.Epoch, switchover.Epoch?.ToString());
            if (switchover.Outcome == SwitchoverOutcome.Abandoned)
            {
                activity.SetStatus(ActivityStatusCode.Error, switchover.Evidence);
            }

            // The end by the monotonic clock: a jump of the wall clock must not change how long it took.
            Moment end = switchover.Visible ?? switchover.Verified ?? switchover.Switched ?? switchover.Decided ?? start;
            activity.SetEndTime((start.Utc + end.Since(start)).UtcDateTime);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private IEnumerable<Measurement<int>> ObserveConditions()
    {
        foreach (GroupSnapshot snapshot in Snapshots())
        {
            foreach (GroupCondition condition in Conditions)
            {
                yield return new(
                    snapshot.Condition == condition ? 1 : 0,
                    new KeyValuePair<string, object?>(TelemetryNames.Group, snapshot.Group),
                    new KeyValuePair<string, object?>(TelemetryNames.Condition, TelemetryNames.Of(condition)));
            }
        }
    }

    private IEnumerable<Measurement<double>> ObserveMembers()
    {
        foreach (GroupSnapshot snapshot in Snapshots())
        {
            foreach (MemberSnapshot member in snapshot.Members)
            {
                if (member.Verdict != Verdict.Unknown)
                {
                    yield return new(
                        member.Verdict switch { Verdict.Healthy => 1, Verdict.Suspect => 0.5, _ => 0 },
                        new KeyValuePair<string, object?>(TelemetryNames.Group, snapshot.Group),
                        new KeyValuePair<string, object?>(TelemetryNames.Member, member.Member.Name));
                }
            }
        }
    }

    private IEnumerable<Measurement<double>> ObserveLags()
    {
        foreach (GroupSnapshot snapshot in Snapshots())
        {
            foreach (MemberSnapshot member in snapshot.Members)
            {
                if (member.Lag is { } lag)
                {
                    yield return new(
                        lag.TotalSeconds,
                        new KeyValuePair<string, object?>(TelemetryNames.Group, snapshot.Group),
                        new KeyValuePair<string, object?>(TelemetryNames.Member, member.Member.Name));
                }
            }
        }
    }

    private List<GroupSnapshot> Snapshots()
    {
        lock (_gate)
        {
            List<GroupSnapshot> snapshots = new(_groups.Count);
            foreach (GroupMonitor group in _groups)
            {
                if (group.Snapshot is { } snapshot)
                {
                    snapshots.Add(snapshot);
                }
            }

            return snapshots;
        }
    }
}
