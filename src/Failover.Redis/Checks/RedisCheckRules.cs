using System.Globalization;
using Failover.Redis.Following;
using Failover.Redis.Probing;
using Failover.Redis.Sentinel;
using Failover.Redis.Tunnel;

namespace Failover.Redis.Checks;

/// <summary>What the state of a group, of its sentinels and of its master means, and what of it is shown.</summary>
internal static class RedisCheckRules
{
    private const int MostCharacters = 48;

    /// <summary>Judges the group, as every check of a group does. While a switch that somebody asked for is prepared, its master serves: that is as good as settled.</summary>
    internal static Finding OfGroup(GroupSnapshot snapshot, TimeSpan lasted, RedisCheckOptions options)
    {
        string words = snapshot.Reason is { } reason ? $"the group is {snapshot.Condition}: {reason}" : $"the group is {snapshot.Condition}";
        return snapshot.Condition switch
        {
            _ when MasterOf.Snapshot(snapshot) is not null => snapshot.ConfigurationError is { } error ? Finding.Degraded($"the last change of its configuration is not in force: {error}") : Finding.Healthy,
            GroupCondition.Switching when lasted <= options.SwitchingGrace => Finding.Degraded(words),
            _ => Finding.Unhealthy(words),
        };
    }

    /// <summary>Judges the sentinels: without most of them there is no failover, and with a long patience a late one.</summary>
    internal static Finding OfSentinels(MasterView view, RedisCheckOptions options)
    {
        Finding heard = view.Heard * 2 > view.Known ? Finding.Healthy
            : Finding.Degraded(string.Create(CultureInfo.InvariantCulture, $"{view.Heard} of {view.Known} sentinels answer: nobody would take over from the master"));
        Finding patience = view.DownAfter is { } downAfter && downAfter > options.MaximumDownAfter
            ? Finding.Degraded(string.Create(CultureInfo.InvariantCulture, $"the sentinels wait {downAfter.TotalSeconds:0.#} s until they take a silent master for dead (down-after-milliseconds)"))
            : Finding.Healthy;
        return heard.And(patience);
    }

    /// <summary>Judges the master.</summary>
    internal static Finding OfMaster(MasterState state, RedisCheckOptions options)
    {
        Finding memory = state is { UsedMemory: { } used, MaximumMemory: > 0 and { } limit, Evicts: false } && used * 100.0 > limit * options.MaximumMemoryPercent
            ? Finding.Degraded(string.Create(CultureInfo.InvariantCulture, $"{used * 100.0 / limit:0} % of maxmemory is used, and it evicts nothing"))
            : Finding.Healthy;
        Finding fence = state.MinimumReplicas == 0 && options.RequireMinReplicasToWrite
            ? Finding.Degraded("the master takes writes that no replica has (min-replicas-to-write 0): cut off from the others, it would go on taking what is lost later")
            : Finding.Healthy;
        return memory.And(fence);
    }

    /// <summary>Judges the replicas: only the alarm counts, and that there is none at all.</summary>
    internal static Finding OfReplicas(GroupSnapshot snapshot, Func<FailoverMember, ReplicaPlace?> placeOf)
    {
        string[] late = [.. snapshot.Members.Where(member => placeOf(member.Member) is { Alarm.IsOn: true }).Select(static member => member.Member.Name)];
        Finding lag = late.Length == 0 ? Finding.Healthy : Finding.Degraded($"too far behind the master: {string.Join(", ", late)}");
        Finding none = snapshot.Members.Any(static member => member is { Role: MemberRole.Replica, Verdict: Verdict.Healthy }) ? Finding.Healthy : Finding.Degraded("there is no replica that could take over");
        return lag.And(none);
    }

    /// <summary>Names what a group is: of data, details show no text, which might be anybody's secret; but names of what is measured.</summary>
    internal static Dictionary<string, object> Data(GroupSnapshot snapshot, MasterView view, TunnelState tunnel, Func<FailoverMember, ReplicaPlace?> placeOf)
    {
        Dictionary<string, object> data = new()
        {
            ["condition"] = snapshot.Condition,
            ["since"] = snapshot.Since.Utc,
            ["sentinels"] = view.Known,
            ["sentinelsHeard"] = view.Heard,
            ["handoff"] = tunnel.Mode,
            ["handoffs"] = tunnel.Handoffs,
            ["handoffsTaken"] = tunnel.Taken,
        };
        Add(data, "downAfter", view.DownAfter);
        if (snapshot.Active is { } active)
        {
            data["active"] = active.Name;
            data["active." + KeyOf(active)] = true;
        }

        foreach (MemberSnapshot member in snapshot.Members)
        {
            string key = KeyOf(member.Member);
            data["role." + key] = member.Role;
            Add(data, "epoch." + key, member.Epoch?.Number);
            Add(data, "lag." + key, member.Lag);
            ReplicaPlace? place = placeOf(member.Member);
            Add(data, "bytesBehind." + key, member.Lag is null ? null : place?.Bytes);
            if (place is { Alarm.IsOn: true })
            {
                data["alarm." + key] = true;
            }
        }

        return data;
    }

    internal static void Add(Dictionary<string, object> data, MasterState state)
    {
        Add(data, "usedMemory", state.UsedMemory);
        Add(data, "maximumMemory", state.MaximumMemory);
        Add(data, "minReplicasToWrite", state.MinimumReplicas);
    }

    internal static void Check(RedisCheckOptions options, OptionsCheck check)
    {
        InRange(check, nameof(options.SwitchingGrace), options.SwitchingGrace, TimeSpan.Zero, TimeSpan.FromHours(1));
        InRange(check, nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        InRange(check, nameof(options.MaximumDownAfter), options.MaximumDownAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        if (options.MaximumMemoryPercent is not (> 0 and <= 100))
        {
            check.Refuse(nameof(options.MaximumMemoryPercent), options.MaximumMemoryPercent, "must be above 0, up to 100");
        }

        if (options.ProbeKey is { } key && string.IsNullOrWhiteSpace(key))
        {
            check.Refuse(nameof(options.ProbeKey), key, "must be the name of a key, or null for none");
        }
    }

    private static void Add<T>(Dictionary<string, object> data, string key, T? value)
        where T : struct
    {
        if (value is { } known)
        {
            data[key] = known;
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
