using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace Failover.Tests.Groups;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_switchover_is_measured_once_when_it_is_final()
    {
        await using Watched group = await Watched.SettledAsync();
        using MetricCollector<long> switchovers = new(group.Meters, "Failover", "failover.switchovers");
        using MetricCollector<double> detection = new(group.Meters, "Failover", "failover.switchover.detection.duration");
        using MetricCollector<double> recovery = new(group.Meters, "Failover", "failover.switchover.recovery.duration");
        MemberMeter meter = group[group.A].Meter;

        meter.Failed(meter.Start());
        group.Time.Advance(TimeSpan.FromMilliseconds(250));
        meter.Failed(meter.Start());
        meter.Failed(meter.Start());
        await Until.True(() => group.Now.LastSwitchover is { IsFinal: true, Cause: SwitchoverCause.Failover });
        await Until.True(() => switchovers.GetMeasurementSnapshot().Count > 0);

        CollectedMeasurement<long> one = Assert.Single(switchovers.GetMeasurementSnapshot());
        Assert.Equal(1, one.Value);
        Assert.Equal(
            [("failover.cause", "failover"), ("failover.group", "orders"), ("failover.outcome", "completed")],
            one.Tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => (t.Key, (string)t.Value!)));
        Assert.Equal(0.25, Assert.Single(detection.GetMeasurementSnapshot()).Value);
        Assert.Equal(0.25, Assert.Single(recovery.GetMeasurementSnapshot()).Value);
    }

    [Fact]
    public async Task What_a_switchover_does_not_know_is_said_in_words()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;

        meter.Failed(meter.Start());
        await Until.True(() => group.Logged("MemberSuspect").Any());
        meter.Failed(meter.Start());
        meter.Failed(meter.Start());
        await Until.True(() => group.Logged("SwitchoverCompleted").Count() == 2);

        Assert.Contains(group.Logged("MemberSuspect"), r => r.Message.EndsWith("1 call failed", StringComparison.Ordinal));
        Assert.Contains("moved from none to a (Initial", group.Logged("SwitchoverCompleted").First().Message, StringComparison.Ordinal);
        Assert.Contains("detection unknown", group.Logged("SwitchoverCompleted").First().Message, StringComparison.Ordinal);
        Assert.EndsWith("evidence: 3 calls failed in a row.", group.Logged("SwitchoverCompleted").Last().Message, StringComparison.Ordinal);
        Assert.DoesNotContain(group.Logs.GetSnapshot(), r => r.Level >= LogLevel.Information && (r.Message.Contains("null", StringComparison.Ordinal) || r.Message.Contains("  ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Conditions_and_members_are_observed_as_they_are()
    {
        await using Watched group = await Watched.SettledAsync();
        using MetricCollector<int> conditions = new(group.Meters, "Failover", "failover.group.condition");
        using MetricCollector<double> health = new(group.Meters, "Failover", "failover.member.health");
        MemberMeter meter = group[group.B].Meter;
        meter.Failed(meter.Start());

        conditions.RecordObservableInstruments();
        health.RecordObservableInstruments();

        Assert.Equal(5, conditions.GetMeasurementSnapshot().Count);
        Assert.Equal("settled", Assert.Single(conditions.GetMeasurementSnapshot(), m => m.Value == 1).Tags["failover.condition"]);
        Assert.Equal([("a", 1), ("b", 0.5)], health.GetMeasurementSnapshot().Select(m => ((string)m.Tags["failover.member"]!, m.Value)));

        await group.Group.DisposeAsync();
        conditions.Clear();
        conditions.RecordObservableInstruments();
        Assert.Empty(conditions.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Probes_are_counted_by_outcome_and_those_left_behind_as_long_as_they_run()
    {
        await using Watched group = new();
        using MetricCollector<long> probes = new(group.Meters, "Failover", "failover.probes");
        using MetricCollector<double> durations = new(group.Meters, "Failover", "failover.probe.duration");
        using MetricCollector<long> leftBehind = new(group.Meters, "Failover", "failover.probes.left_behind");
        TaskCompletionSource<ProbeResult> hung = group.Probe.Hang(group.A);
        group.Group.Start();

        await Until.True(() => probes.GetMeasurementSnapshot().Count == 1);
        await group.AdvanceUntilAsync(() => group[group.A].IsProbeStuck);
        Assert.Equal(1, leftBehind.GetMeasurementSnapshot().Sum(m => m.Value));
        hung.SetResult(ProbeResult.Success());
        await Until.True(() => leftBehind.GetMeasurementSnapshot().Count == 2);
        Assert.Equal(0, leftBehind.GetMeasurementSnapshot().Sum(m => m.Value));

        Assert.Equal("timed_out", Assert.Single(probes.GetMeasurementSnapshot(), m => (string)m.Tags["failover.member"]! == "a").Tags["failover.outcome"]);
        Assert.Equal(probes.GetMeasurementSnapshot().Count, durations.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task A_member_that_is_no_longer_in_the_list_makes_no_series()
    {
        await using Watched group = await Watched.SettledAsync();
        using MetricCollector<double> health = new(group.Meters, "Failover", "failover.member.health");

        group.Group.RemoveMember(group.A);
        health.RecordObservableInstruments();

        Assert.Equal("b", Assert.Single(health.GetMeasurementSnapshot()).Tags["failover.member"]);
    }

    [Fact]
    public async Task The_instruments_of_one_factory_are_shared_by_its_groups()
    {
        List<string> published = [];
        await using Watched first = await Watched.SettledAsync();
        using MeterListener listener = new() { InstrumentPublished = (i, _) => { if (i.Meter.Scope == first.Meters) { published.Add(i.Name); } } };
        listener.Start();
        await using FailoverGroup second = new FailoverGroupBuilder("payments").AddMember(first.A).UseProbe(first.Probe).UseMeterFactory(first.Meters).UseTimeProvider(first.Time).Build();
        second.Start();

        Assert.Equal(published.Distinct(), published);
        Assert.Equal(11, published.Count);
    }

    [Fact]
    public async Task A_switchover_is_one_activity_and_nobodys_child()
    {
        List<Activity> stopped = [];
        string name = $"traced-{Guid.NewGuid():N}";
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "Failover",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (stopped)
                {
                    stopped.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using Activity request = new Activity("request").Start();
        await using Watched group = new(name: name);
        group.Group.Start();
        await Until.True(() => group.Now.Members.All(m => m.Verdict == Verdict.Healthy));

        MemberMeter meter = group[group.A].Meter;
        meter.Failed(meter.Start());
        group.Time.Advance(TimeSpan.FromMilliseconds(250));
        meter.Failed(meter.Start());
        meter.Failed(meter.Start());
        Activity[] ours = [];
        await Until.True(() =>
        {
            lock (stopped)
            {
                ours = [.. stopped.Where(a => (string?)a.GetTagItem("failover.group") == name && (string?)a.GetTagItem("failover.cause") == "failover")];
                return ours.Length > 0;
            }
        });

        Activity one = Assert.Single(ours);
        Assert.Equal("failover.switchover", one.OperationName);
        Assert.Null(one.ParentId);
        Assert.Equal(TimeSpan.FromMilliseconds(250), one.Duration);
        Assert.Equal(group.Now.LastSwitchover!.FirstFailure!.Value.Utc.UtcDateTime, one.StartTimeUtc);
        Assert.Same(request, Activity.Current);
    }
}
