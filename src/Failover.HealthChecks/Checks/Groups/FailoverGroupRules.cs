namespace Failover.HealthChecks.Checks.Groups;

/// <summary>What the state of a group means, and what of it is shown.</summary>
internal static class FailoverGroupRules
{
    private const int MostCharacters = 48;

    /// <param name="snapshot">The state.</param>
    /// <param name="lasted">How long the condition has lasted.</param>
    /// <param name="options">The options.</param>
    internal static CheckFinding Judge(GroupSnapshot snapshot, TimeSpan lasted, FailoverGroupCheckOptions options)
    {
        string words = snapshot.Reason is { } reason ? $"the group is {snapshot.Condition}: {reason}" : $"the group is {snapshot.Condition}";
        return snapshot.Condition switch
        {
            GroupCondition.Settled when snapshot.ConfigurationError is { } error => CheckFinding.Degraded($"the last change of its configuration is not in force: {error}"),
            GroupCondition.Settled => CheckFinding.Healthy,
            GroupCondition.Switching when lasted <= options.SwitchingGrace => CheckFinding.Degraded(words),
            _ => CheckFinding.Unhealthy(words),
        };
    }

    internal static Dictionary<string, object> Data(GroupSnapshot snapshot)
    {
        Dictionary<string, object> data = new()
        {
            ["condition"] = snapshot.Condition,
            ["since"] = snapshot.Since.Utc,
            ["pinned"] = snapshot.IsPinned,
        };
        if (snapshot.Active is { } active)
        {
            data["active"] = active.Name;

            // Of data, details show no text, which might be anybody's secret; but names of what is measured.
            data["active." + KeyOf(active)] = true;
        }

        // An HTTP backend has no role, and nothing to fence.
        if (snapshot.Members.Any(static member => member.Role != MemberRole.Unknown))
        {
            data["unfenced"] = snapshot.Active is not null && snapshot.Epoch is null;
        }

        foreach (MemberSnapshot readable in snapshot.Readable)
        {
            data["lag." + KeyOf(readable.Member)] = readable.Lag.GetValueOrDefault();
        }

        if (snapshot.LastSwitchover is { } last)
        {
            Add(data, last);
        }

        return data;
    }

    internal static void Check(FailoverGroupCheckOptions options, OptionsCheck check) =>
        check.InRange(nameof(options.SwitchingGrace), options.SwitchingGrace, TimeSpan.Zero, TimeSpan.FromHours(1));

    private static string KeyOf(FailoverMember member) => string.Concat(member.Name.Take(MostCharacters).Select(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '.' ? one : '_'));

    private static void Add(Dictionary<string, object> data, Switchover last)
    {
        data["switchover"] = last.Id.ToString("D");
        data["switchoverCause"] = last.Cause;
        data["switchoverOutcome"] = last.Outcome;
        data["switchoverTo"] = last.To.Name;
        if (last.From is { } from)
        {
            data["switchoverFrom"] = from.Name;
        }

        if ((last.Switched ?? last.Decided ?? last.Detected) is { } at)
        {
            data["switchoverAt"] = at.Utc;
        }

        Add("detectionMs", last.DetectionTime);
        Add("switchMs", last.SwitchTime);
        Add("recoveryMs", last.RecoveryTime);

        void Add(string key, TimeSpan? time)
        {
            if (time is { } known)
            {
                data[key] = Math.Round(known.TotalMilliseconds, 1);
            }
        }
    }
}
