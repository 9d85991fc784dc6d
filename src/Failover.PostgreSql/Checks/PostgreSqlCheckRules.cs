using System.Globalization;
using Failover.PostgreSql.Cutting;
using Failover.PostgreSql.Lag;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.PostgreSql.Checks;

/// <summary>What the state of a group and of its primary means, and what of it is shown.</summary>
internal static class PostgreSqlCheckRules
{
    private const int MostCharacters = 48;

    /// <summary>Judges the group, as every check of a group does.</summary>
    internal static Finding OfGroup(GroupSnapshot snapshot, TimeSpan lasted, PostgreSqlCheckOptions options)
    {
        string words = snapshot.Reason is { } reason ? $"the group is {snapshot.Condition}: {reason}" : $"the group is {snapshot.Condition}";
        return snapshot.Condition switch
        {
            GroupCondition.Settled when snapshot.ConfigurationError is { } error => Finding.Degraded($"the last change of its configuration is not in force: {error}"),
            GroupCondition.Settled => Finding.Healthy,
            GroupCondition.Switching when lasted <= options.SwitchingGrace => Finding.Degraded(words),
            _ => Finding.Unhealthy(words),
        };
    }

    /// <summary>Judges the primary.</summary>
    internal static Finding OfPrimary(PrimaryState state, PostgreSqlCheckOptions options) =>
        !state.TakesWrites ? Finding.Unhealthy("the primary takes no writes")
        : state.Commit == SynchronousCommit.NotSatisfied ? Finding.Degraded(string.Create(CultureInfo.InvariantCulture, $"commits wait for {state.Needed} synchronous standbys, and {state.Synchronous} are there"))
        : state.Connections * 100 > state.Limit * options.MaximumConnectionsPercent ? Finding.Degraded(string.Create(CultureInfo.InvariantCulture, $"{state.Connections} of {state.Limit} connections are in use"))
        : Finding.Healthy;

    /// <summary>Judges the standbys: only the alarm counts.</summary>
    internal static Finding OfStandbys(IEnumerable<(FailoverMember Member, StandbyPlace? Place)> nodes)
    {
        string[] late = [.. nodes.Where(static node => node.Place is { Alarm.IsOn: true }).Select(static node => node.Member.Name)];
        return late.Length == 0 ? Finding.Healthy : Finding.Degraded($"too far behind the primary: {string.Join(", ", late)}");
    }

    /// <summary>Names what a group is: of data, details show no text, which might be anybody's secret; but names of what is measured.</summary>
    internal static Dictionary<string, object> Data(GroupSnapshot snapshot, Func<FailoverMember, StandbyPlace?> placeOf)
    {
        Dictionary<string, object> data = new()
        {
            ["condition"] = snapshot.Condition,
            ["since"] = snapshot.Since.Utc,
            ["unfenced"] = snapshot.Active is not null && snapshot.Epoch is null,
        };
        if (snapshot.Active is { } active)
        {
            data["active"] = active.Name;
            data["active." + KeyOf(active)] = true;
        }

        foreach (MemberSnapshot member in snapshot.Members)
        {
            string key = KeyOf(member.Member);
            data["role." + key] = member.Role;
            if (member.Epoch is { } epoch)
            {
                data["timeline." + key] = epoch.Number;
            }

            if (member.Lag is { } lag)
            {
                data["lag." + key] = lag;
            }

            StandbyPlace? place = placeOf(member.Member);
            if (member.Lag is not null && place?.Bytes is { } bytes)
            {
                data["bytesBehind." + key] = bytes;
            }

            if (place is { Alarm.IsOn: true })
            {
                data["alarm." + key] = true;
            }
        }

        return data;
    }

    internal static void Add(Dictionary<string, object> data, PrimaryState state)
    {
        data["takesWrites"] = state.TakesWrites;
        data["connections"] = state.Connections;
        data["connectionsLimit"] = state.Limit;
        data["synchronousCommit"] = state.Commit;
    }

    internal static void Add(Dictionary<string, object> data, CutMode mode, string? missing)
    {
        data["cutMode"] = mode;
        if (missing is not null)
        {
            data["cutModeMissing"] = missing;
        }
    }

    internal static void Check(PostgreSqlCheckOptions options, OptionsCheck check)
    {
        InRange(check, nameof(options.SwitchingGrace), options.SwitchingGrace, TimeSpan.Zero, TimeSpan.FromHours(1));
        InRange(check, nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        if (options.MaximumConnectionsPercent is not (> 0 and <= 100))
        {
            check.Refuse(nameof(options.MaximumConnectionsPercent), options.MaximumConnectionsPercent, "must be above 0, up to 100");
        }

        if (options.ProbeTable is { } table && ProbeTable.Quoted(table) is null)
        {
            check.Refuse(nameof(options.ProbeTable), table, "must be the name of a table, like failover_probe or app.failover_probe, or null for none");
        }
    }

    private static void InRange(OptionsCheck check, string key, TimeSpan value, TimeSpan minimum, TimeSpan maximum)
    {
        if (value < minimum || value > maximum)
        {
            check.Refuse(key, value, $"must be from {minimum} to {maximum}");
        }
    }

    private static string KeyOf(FailoverMember member) => string.Concat(member.Name.Take(MostCharacters).Select(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '.' ? one : '_'));
}

/// <summary>What a look found, before it is known what its registration calls a failure.</summary>
/// <param name="Status">Unhealthy stands for a failure.</param>
/// <param name="Words">Why, for the log; null if all is well.</param>
internal readonly record struct Finding(HealthStatus Status, string? Words)
{
    internal static Finding Healthy => new(HealthStatus.Healthy, null);

    internal static Finding Degraded(string words) => new(HealthStatus.Degraded, words);

    internal static Finding Unhealthy(string words) => new(HealthStatus.Unhealthy, words);

    /// <summary>Returns the worse one of both, with the words of both.</summary>
    internal Finding And(Finding other) => new(
        Status < other.Status ? Status : other.Status,
        Words is null ? other.Words : other.Words is null ? Words : $"{Words}; {other.Words}");
}
