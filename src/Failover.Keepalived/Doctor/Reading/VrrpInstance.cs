using System.Net;
using System.Net.Sockets;
using Failover.Keepalived.Configuration;

namespace Failover.Keepalived.Doctor.Reading;

/// <summary>A <c>vrrp_instance</c>, as keepalived understands it.</summary>
internal sealed class VrrpInstance
{
    /// <summary>What keepalived takes for the owner of the address, whose priority nothing changes.</summary>
    internal const int Owner = 255;

    private const int DefaultPriority = 100;

    internal VrrpInstance(ConfigLine line, ConfigTree tree)
    {
        Line = line;
        Addresses = [.. line.Inside("virtual_ipaddress"), .. line.Inside("virtual_ipaddress_excluded")];
        Version = ConfigValue.Integer(line.Last("version")?.Value) is { } own and (2 or 3) ? own
            : Addresses.Any(static one => AddressOf(one)?.AddressFamily == AddressFamily.InterNetworkV6) || line.Last("native_ipv6") is not null ? 3
            : ConfigValue.Integer(tree.Global("vrrp_version")?.Value) is { } global and (2 or 3) ? global : 2;
        IsMaster = line.Last("state")?.Value == "MASTER";
        Priority = line.Last("priority") is { } priority
            ? ConfigValue.Integer(priority.Value) is { } value and >= 1 and <= Owner ? value : DefaultPriority
            : IsMaster ? Owner : DefaultPriority;
        IsStrict = ConfigValue.Switch(line.Last("strict_mode")) ?? ConfigValue.Switch(tree.Global("vrrp_strict")) ?? false;
        Group = tree.All("vrrp_sync_group").FirstOrDefault(group => group.Inside("group").Any(member => member.Words.Contains(Name)));
        IEnumerable<ConfigLine> owners = Group is null ? [line] : [line, Group];
        Trackers = [.. owners.SelectMany(owner => TrackerKind.All.SelectMany(kind => owner.Inside(kind.Use).Select(use => Tracker.Of(kind, use, tree))))];
    }

    internal ConfigLine Line { get; }

    internal string Name => Line.Value;

    /// <summary>The lines of its addresses.</summary>
    internal IReadOnlyList<ConfigLine> Addresses { get; }

    internal int Version { get; }

    internal bool IsMaster { get; }

    internal int Priority { get; }

    internal bool IsStrict { get; }

    /// <summary>The <c>vrrp_sync_group</c> that it is in.</summary>
    internal ConfigLine? Group { get; }

    /// <summary>Whether a group makes keepalived drop its weights.</summary>
    internal bool LosesWeights => Group is not null && Group.Last("sync_group_tracking_weight") is null && Group.Last("global_tracking") is null;

    internal IReadOnlyList<Tracker> Trackers { get; }

    internal IEnumerable<Tracker> Files => Trackers.Where(static one => one.Kind == TrackerKind.File);

    /// <summary>Whether it counts a number that somebody writes: the credit of an app.</summary>
    internal bool IsCredited => Files.Any(static one => one.Weight == 1);

    /// <summary>The address at the beginning of a line, without its prefix length; null if it is none.</summary>
    internal static IPAddress? AddressOf(ConfigLine line) => KeepalivedValues.TryAddress(line.Key.Split('/')[0], out IPAddress? address) ? address : null;
}
