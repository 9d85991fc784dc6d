using Microsoft.Extensions.Logging;

namespace Failover.Groups;

/// <summary>What groups log. Event ids are a promise to users: never reused, listed in docs/observability.md. Groups have 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Group {Group} ({Kind}) watches {Members} members.", EventName = "GroupStarted")]
    internal static partial void GroupStarted(ILogger logger, string group, string kind, int members);

    [LoggerMessage(1001, LogLevel.Information, "Group {Group} has stopped.", EventName = "GroupStopped")]
    internal static partial void GroupStopped(ILogger logger, string group);

    [LoggerMessage(1002, LogLevel.Warning, "Member {Member} of {Group} is unhealthy: {Evidence}", EventName = "MemberUnhealthy")]
    internal static partial void MemberUnhealthy(ILogger logger, string member, string group, string? evidence);

    [LoggerMessage(1003, LogLevel.Information, "Member {Member} of {Group} is healthy.", EventName = "MemberHealthy")]
    internal static partial void MemberHealthy(ILogger logger, string member, string group);

    [LoggerMessage(1004, LogLevel.Information, "Member {Member} of {Group} is suspect: {Evidence}", EventName = "MemberSuspect")]
    internal static partial void MemberSuspect(ILogger logger, string member, string group, string? evidence);

    [LoggerMessage(1005, LogLevel.Information, "Group {Group} is {Condition}; active: {Active}; reason: {Reason}.", EventName = "ConditionChanged")]
    internal static partial void ConditionChanged(ILogger logger, string group, GroupCondition condition, string active, string reason);

    [LoggerMessage(1006, LogLevel.Error, "Group {Group} is {Condition}: {Reason}", EventName = "GroupNotUsable")]
    internal static partial void GroupNotUsable(ILogger logger, string group, GroupCondition condition, string? reason);

    [LoggerMessage(1007, LogLevel.Information, "Group {Group} begins to move from {From} to {To} ({Cause}, switchover {Id}); evidence: {Evidence}.", EventName = "SwitchoverBegun")]
    internal static partial void SwitchoverBegun(ILogger logger, string group, string from, FailoverMember to, SwitchoverCause cause, Guid id, string evidence);

    [LoggerMessage(EventId = 1008, EventName = "SwitchoverCompleted",
        Message = "Group {Group} moved from {From} to {To} ({Cause}, switchover {Id}); detection {Detection}, switch {Switch}, recovery {Recovery}; evidence: {Evidence}.")]
    internal static partial void SwitchoverCompleted(
        ILogger logger, LogLevel level, string group, string from, FailoverMember to, SwitchoverCause cause, Guid id, object detection, object @switch, object recovery, string evidence);

    [LoggerMessage(1009, LogLevel.Warning, "Group {Group} gave up moving from {From} to {To} ({Cause}, switchover {Id}); evidence: {Evidence}.", EventName = "SwitchoverAbandoned")]
    internal static partial void SwitchoverAbandoned(ILogger logger, string group, string from, FailoverMember to, SwitchoverCause cause, Guid id, string evidence);

    [LoggerMessage(1010, LogLevel.Warning, "A probe of {Member} of {Group} ignores its timeout of {Timeout} and was left behind; the member is not probed before it has ended.", EventName = "ProbeLeftBehind")]
    internal static partial void ProbeLeftBehind(ILogger logger, string member, string group, TimeSpan timeout);

    [LoggerMessage(1011, LogLevel.Information, "The probe of {Member} of {Group} that was left behind has ended after {Duration}.", EventName = "ProbeCameBack")]
    internal static partial void ProbeCameBack(ILogger logger, string member, string group, TimeSpan duration);

    [LoggerMessage(1012, LogLevel.Error, "The engine of {Group} failed on {Event}; its state is kept. Please report this.", EventName = "EngineFault")]
    internal static partial void EngineFault(ILogger logger, string group, string @event, Exception exception);

    [LoggerMessage(1013, LogLevel.Information, "{Group} holds the lease with token {Token}.", EventName = "LeaseGranted")]
    internal static partial void LeaseGranted(ILogger logger, string group, long token);

    [LoggerMessage(1014, LogLevel.Debug, "Another holds the lease of {Group}.", EventName = "LeaseNotGranted")]
    internal static partial void LeaseNotGranted(ILogger logger, string group);

    [LoggerMessage(1015, LogLevel.Warning, "The lease of {Group} could not be asked for: {Evidence}", EventName = "LeaseFailed")]
    internal static partial void LeaseFailed(ILogger logger, string group, string evidence);

    [LoggerMessage(1016, LogLevel.Warning, "{Group} lost the lease with token {Token}.", EventName = "LeaseLost")]
    internal static partial void LeaseLost(ILogger logger, string group, long token);

    [LoggerMessage(1017, LogLevel.Information, "{Group} switches to {Target} (operation {Operation}): {Steps}", EventName = "SwitchPlanned")]
    internal static partial void SwitchPlanned(ILogger logger, string group, FailoverMember target, long operation, string steps);

    [LoggerMessage(1018, LogLevel.Information, "The switch of {Group} to {Target} (operation {Operation}) is applied.", EventName = "SwitchApplied")]
    internal static partial void SwitchApplied(ILogger logger, string group, FailoverMember target, long operation);

    [LoggerMessage(1019, LogLevel.Warning, "The switch of {Group} to {Target} (operation {Operation}) ended as {Outcome}: {Evidence}", EventName = "SwitchNotApplied")]
    internal static partial void SwitchNotApplied(ILogger logger, string group, FailoverMember target, long operation, SwitchOutcome outcome, string? evidence);

    [LoggerMessage(1020, LogLevel.Warning, "The authority of {Group} could not be read: {Evidence}", EventName = "AuthorityNotRead")]
    internal static partial void AuthorityNotRead(ILogger logger, string group, string? evidence);

    [LoggerMessage(1021, LogLevel.Debug, "{Group} got the hint {HintKind} from {Source} about {Member}.", EventName = "HintReceived")]
    internal static partial void HintReceived(ILogger logger, string group, HintKind hintKind, string source, string member);

    [LoggerMessage(1022, LogLevel.Warning, "The hint source {Source} of {Group} ended ({Evidence}); it is started again in {Pause}.", EventName = "HintSourceEnded")]
    internal static partial void HintSourceEnded(ILogger logger, string source, string group, string evidence, TimeSpan pause);

    [LoggerMessage(1023, LogLevel.Error, "The pool mover {Mover} of {Group} failed: {Evidence} at {StackTrace}", EventName = "PoolMoverFailed")]
    internal static partial void PoolMoverFailed(ILogger logger, string mover, string group, string evidence, string? stackTrace);

    [LoggerMessage(1024, LogLevel.Error, "The fitness publisher {Publisher} of {Group} failed: {Evidence} at {StackTrace}", EventName = "FitnessPublisherFailed")]
    internal static partial void FitnessPublisherFailed(ILogger logger, string publisher, string group, string evidence, string? stackTrace);

    [LoggerMessage(1025, LogLevel.Warning, "The epoch file {Path} of {Group} cannot be used and counts as none: {Evidence}", EventName = "EpochFileUnusable")]
    internal static partial void EpochFileUnusable(ILogger logger, string path, string group, string evidence);

    [LoggerMessage(1026, LogLevel.Warning, "The epoch file {Path} of {Group} could not be written: {Evidence}. It is tried again.", EventName = "EpochFileNotWritten")]
    internal static partial void EpochFileNotWritten(ILogger logger, string path, string group, string evidence);

    [LoggerMessage(1027, LogLevel.Warning, "A reader of the switchovers of {Group} is too slow: {Dropped} revisions were dropped so far.", EventName = "ReaderFellBehind")]
    internal static partial void ReaderFellBehind(ILogger logger, string group, long dropped);

    [LoggerMessage(1028, LogLevel.Information, "The members of {Group} are now {Members}.", EventName = "MembersChanged")]
    internal static partial void MembersChanged(ILogger logger, string group, string members);

    [LoggerMessage(1029, LogLevel.Information, "{Group} is {PinState}.", EventName = "PinChanged")]
    internal static partial void PinChanged(ILogger logger, string group, string pinState);

    [LoggerMessage(1030, LogLevel.Information, "Member {Member} of {Group} is {DrainState}.", EventName = "DrainChanged")]
    internal static partial void DrainChanged(ILogger logger, string member, string group, string drainState);

    [LoggerMessage(1031, LogLevel.Warning, "{Group} trusts the lineage {Lineage} because somebody asked for it.", EventName = "LineageTrusted")]
    internal static partial void LineageTrusted(ILogger logger, string group, string lineage);

    [LoggerMessage(1032, LogLevel.Information, "Somebody asked {Group} to switch to {Target}; refused: {Refusal}", EventName = "SwitchRefused")]
    internal static partial void SwitchRefused(ILogger logger, string group, FailoverMember target, string refusal);

    [LoggerMessage(1033, LogLevel.Information, "{Group} goes by new settings.", EventName = "SettingsChanged")]
    internal static partial void SettingsChanged(ILogger logger, string group);

    [LoggerMessage(1034, LogLevel.Warning, "An empty list of members for {Group} is ignored; the known ones are kept.", EventName = "EmptyMemberList")]
    internal static partial void EmptyMemberList(ILogger logger, string group);

    [LoggerMessage(1035, LogLevel.Error, "Something that {Group} called failed; the group goes on: {Evidence} at {StackTrace}", EventName = "EffectFault")]
    internal static partial void EffectFault(ILogger logger, string group, string evidence, string? stackTrace);

    /// <summary>Without the message, which may quote a secret.</summary>
    internal static void EffectFault(ILogger logger, string group, Exception exception)
    {
        Exception cause = exception.GetBaseException();
        EffectFault(logger, group, Evidence.Of(cause), cause.StackTrace);
    }

    [LoggerMessage(1036, LogLevel.Warning, "Whether callers of {Group} see that {Active} is active is not known: {Evidence}", EventName = "VisibleNotKnown")]
    internal static partial void VisibleNotKnown(ILogger logger, string group, FailoverMember active, string evidence);

    [LoggerMessage(1037, LogLevel.Information, "{Group} gives the lease with token {Token} back: nobody has acted under it for a while.", EventName = "LeaseAtRest")]
    internal static partial void LeaseGivenBack(ILogger logger, string group, long token);

    [LoggerMessage(1038, LogLevel.Information, "{Group} gives the lease with token {Token} back at once: what was to be done under it failed here, and may work on another host.", EventName = "LeaseGivenUp")]
    internal static partial void LeaseGivenUp(ILogger logger, string group, long token);
}
