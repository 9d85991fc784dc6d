namespace Failover.Groups;

/// <summary>The names under which groups tell metrics and traces: a promise to users, listed in docs/observability.md.</summary>
internal static class TelemetryNames
{
    /// <summary>Of the meter and of the activity source.</summary>
    internal const string Source = "Failover";

    internal const string Switchovers = "failover.switchovers";
    internal const string DetectionDuration = "failover.switchover.detection.duration";
    internal const string SwitchDuration = "failover.switchover.switch.duration";
    internal const string RecoveryDuration = "failover.switchover.recovery.duration";
    internal const string RevisionsDropped = "failover.switchover.revisions.dropped";
    internal const string Probes = "failover.probes";
    internal const string ProbeDuration = "failover.probe.duration";
    internal const string ProbesLeftBehind = "failover.probes.left_behind";
    internal const string GroupCondition = "failover.group.condition";
    internal const string MemberHealth = "failover.member.health";
    internal const string ReplicationLag = "failover.replication.lag";

    /// <summary>The name of the activity of a switchover.</summary>
    internal const string SwitchoverActivity = "failover.switchover";

    internal const string Group = "failover.group";
    internal const string Kind = "failover.kind";
    internal const string Member = "failover.member";
    internal const string Cause = "failover.cause";
    internal const string Outcome = "failover.outcome";
    internal const string Condition = "failover.condition";
    internal const string SwitchoverId = "failover.switchover.id";
    internal const string From = "failover.switchover.from";
    internal const string To = "failover.switchover.to";
    internal const string Epoch = "failover.switchover.epoch";

    internal static string Of(SwitchoverCause cause) => cause switch
    {
        SwitchoverCause.Initial => "initial",
        SwitchoverCause.Failover => "failover",
        SwitchoverCause.Switchback => "switchback",
        SwitchoverCause.Manual => "manual",
        SwitchoverCause.Drain => "drain",
        SwitchoverCause.External => "external",
        _ => "member_removed",
    };

    internal static string Of(SwitchoverOutcome outcome) => outcome switch
    {
        SwitchoverOutcome.InProgress => "in_progress",
        SwitchoverOutcome.Completed => "completed",
        _ => "abandoned",
    };

    internal static string Of(ProbeOutcome outcome) => outcome switch
    {
        ProbeOutcome.Succeeded => "succeeded",
        ProbeOutcome.Failed => "failed",
        ProbeOutcome.TimedOut => "timed_out",
        _ => "draining",
    };

    internal static string Of(GroupCondition condition) => condition switch
    {
        Failover.GroupCondition.Starting => "starting",
        Failover.GroupCondition.Settled => "settled",
        Failover.GroupCondition.Switching => "switching",
        Failover.GroupCondition.Unavailable => "unavailable",
        _ => "split_brain",
    };
}
