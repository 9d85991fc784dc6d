using Microsoft.Extensions.Logging;

namespace Failover.Groups;

/// <summary>Logs and measures what changed from one snapshot to the next, and the revisions of switchovers.</summary>
internal static class Transitions
{
    /// <summary>What stands in a line where there is nothing to say.</summary>
    private const string None = "none";

    internal static void Tell(GroupParts parts, GroupSnapshot? before, GroupSnapshot after)
    {
        ILogger logger = parts.Logger;
        if (!logger.IsEnabled(LogLevel.Error))
        {
            return;
        }

        if (before is null)
        {
            Log.GroupStarted(logger, parts.Name, parts.Kind, after.Members.Length);
        }
        else if (before.Members != after.Members)
        {
            Members(logger, before, after);
        }

        if (before is not null && before.Condition != after.Condition)
        {
            if (after.Condition is GroupCondition.Unavailable or GroupCondition.SplitBrain)
            {
                Log.GroupNotUsable(logger, parts.Name, after.Condition, after.Reason);
            }
            else
            {
                Log.ConditionChanged(logger, parts.Name, after.Condition, after.Active?.Name ?? None, after.Reason ?? None);
            }
        }

        if (before is not null && before.IsPinned != after.IsPinned)
        {
            Log.PinChanged(logger, parts.Name, after.IsPinned ? "pinned" : "no longer pinned");
        }
    }

    /// <summary>Tells a revision: the first that shows a switchover as begun, and the final one.</summary>
    internal static void Tell(GroupParts parts, Switchover told)
    {
        if (told.IsFinal)
        {
            parts.Telemetry.Switchover(told, parts.Kind);
        }

        string from = told.From?.Name ?? None;
        string evidence = told.Evidence ?? None;
        if (told is { IsFinal: true, Outcome: SwitchoverOutcome.Abandoned })
        {
            Log.SwitchoverAbandoned(parts.Logger, told.Group, from, told.To, told.Cause, told.Id, evidence);
        }
        else if (told.IsFinal)
        {
            LogLevel level = told.Cause == SwitchoverCause.Failover ? LogLevel.Warning : LogLevel.Information;
            object detection = Time(told.DetectionTime);
            object moving = Time(told.SwitchTime);
            object recovery = Time(told.RecoveryTime);
            Log.SwitchoverCompleted(parts.Logger, level, told.Group, from, told.To, told.Cause, told.Id, detection, moving, recovery, evidence);
        }
        else if (told.Revision == 1)
        {
            Log.SwitchoverBegun(parts.Logger, told.Group, from, told.To, told.Cause, told.Id, evidence);
        }
    }

    private static object Time(TimeSpan? time) => time is { } known ? known : "unknown";

    private static void Members(ILogger logger, GroupSnapshot before, GroupSnapshot after)
    {
        bool sameList = before.Members.Length == after.Members.Length;
        for (int i = 0; i < after.Members.Length; i++)
        {
            MemberSnapshot now = after.Members[i];
            MemberSnapshot? then = i < before.Members.Length && before.Members[i].Incarnation == now.Incarnation
                ? before.Members[i]
                : before.Members.FirstOrDefault(m => m.Incarnation == now.Incarnation);
            sameList &= i < before.Members.Length && ReferenceEquals(then, before.Members[i]);
            if (!ReferenceEquals(now, then))
            {
                Member(logger, after.Group, then, now);
            }
        }

        if (!sameList)
        {
            Log.MembersChanged(logger, after.Group, string.Join(", ", after.Members.Select(m => m.Member.Name)));
        }
    }

    private static void Member(ILogger logger, string group, MemberSnapshot? then, MemberSnapshot now)
    {
        if (now.Verdict != (then?.Verdict ?? Verdict.Unknown))
        {
            switch (now.Verdict)
            {
                case Verdict.Healthy:
                    Log.MemberHealthy(logger, now.Member.Name, group);
                    break;
                case Verdict.Unhealthy:
                    Log.MemberUnhealthy(logger, now.Member.Name, group, now.Evidence);
                    break;
                case Verdict.Suspect:
                    Log.MemberSuspect(logger, now.Member.Name, group, now.Evidence);
                    break;
                default:
                    break;
            }
        }

        if (now.IsDrained != (then?.IsDrained ?? false))
        {
            Log.DrainChanged(logger, now.Member.Name, group, now.IsDrained ? "drained" : "no longer drained");
        }
    }
}
