using Failover.Keepalived.Configuration;

namespace Failover.Keepalived.Registration;

/// <summary>The keys of <see cref="KeepalivedOptions"/>, and the rules for their values.</summary>
internal static class KeepalivedKeys
{
    internal static readonly OptionsKeys<KeepalivedOptions> Table = new OptionsKeys<KeepalivedOptions>()
        .Text("Address", o => o.Address, (o, v) => o.Address = v ?? "")
        .Text("Node", o => o.Node, (o, v) => o.Node = v ?? "")
        .Text("Peer", o => o.Peer, (o, v) => o.Peer = v ?? "")
        .Text("Instance", o => o.Instance, (o, v) => o.Instance = v ?? "")
        .Text("Interface", o => o.Interface, (o, v) => o.Interface = v)
        .Number("RouterId", o => o.RouterId, (o, v) => o.RouterId = v, 1, 255)
        .Number("Priority", o => o.Priority, (o, v) => o.Priority = v, 1, KeepalivedValues.HighestPriority)
        .Number("PeerPriority", o => o.PeerPriority, (o, v) => o.PeerPriority = v, 1, KeepalivedValues.HighestPriority)
        .Text("CreditFile", o => o.CreditFile, (o, v) => o.CreditFile = v ?? "")
        .Text("Fifo", o => o.Fifo, (o, v) => o.Fifo = v ?? "")
        .Text("ProcessName", o => o.ProcessName, (o, v) => o.ProcessName = v)
        .Time("AckTimeout", o => o.AckTimeout, (o, v) => o.AckTimeout = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30))
        .Time("MoveTimeout", o => o.MoveTimeout, (o, v) => o.MoveTimeout = v, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(25))
        .Time("PeerInterval", o => o.PeerInterval, (o, v) => o.PeerInterval = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10))
        .Fixed("Address").Fixed("Node").Fixed("Peer").Fixed("Instance").Fixed("Interface").Fixed("RouterId").Fixed("Priority").Fixed("PeerPriority")
        .Fixed("CreditFile").Fixed("Fifo").Fixed("ProcessName").Fixed("AckTimeout").Fixed("MoveTimeout").Fixed("PeerInterval")
        .Rule(Check);

    private static void Check(KeepalivedOptions options, OptionsCheck check)
    {
        if (!KeepalivedValues.TryVirtualAddress(options.Address, out _))
        {
            check.Refuse("Address", options.Address, KeepalivedValues.AddressRule);
        }

        CheckName("Node", options.Node, "must be the name of this node, as its peer knows it: Failover:Peers:Node", check);
        CheckName("Peer", options.Peer, "must be the name of the other node: its Failover:Peers:Node", check);
        if (string.Equals(options.Node, options.Peer, StringComparison.OrdinalIgnoreCase) && !check.IsRefused("Peer") && !check.IsRefused("Node"))
        {
            check.Refuse("Peer", options.Peer, "must be another than Node: the name of this node is the machine's, if it is not set");
        }

        CheckName("Instance", options.Instance, "must be the name of a vrrp_instance, like VI_1", check);
        if (options.Interface is { } device && !KeepalivedValues.IsDevice(device))
        {
            check.Refuse("Interface", device, KeepalivedValues.DeviceRule);
        }

        if (!check.IsRefused("Priority") && !check.IsRefused("PeerPriority") && Math.Abs(options.Priority - options.PeerPriority) < KeepalivedValues.LeastDistance)
        {
            check.Refuse("PeerPriority", options.PeerPriority, $"must be at least {KeepalivedValues.LeastDistance} above or below Priority ({options.Priority}): each credit has three values, by which nodes that are as fit may be 2 apart");
        }

        if (options.ProcessName is { } process && (process.Length is 0 or > KeepalivedValues.LongestProgram || !process.All(static one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_' or '-')))
        {
            check.Refuse("ProcessName", process, $"must have 1 to {KeepalivedValues.LongestProgram} letters, digits, '.', '_' and '-': the kernel keeps no more");
        }

        CheckPath("CreditFile", options.CreditFile, check);
        CheckPath("Fifo", options.Fifo, check);
        if (string.Equals(options.CreditFile, options.Fifo, StringComparison.Ordinal) && !check.IsRefused("Fifo"))
        {
            check.Refuse("Fifo", options.Fifo, "must be another file than CreditFile");
        }
    }

    private static void CheckName(string key, string? name, string rule, OptionsCheck check)
    {
        if (!KeepalivedValues.IsName(name))
        {
            check.Refuse(key, name, $"{rule}, of {KeepalivedValues.NameRule}");
        }
    }

    private static void CheckPath(string key, string? path, OptionsCheck check)
    {
        if (!KeepalivedValues.IsFile(path))
        {
            check.Refuse(key, path, KeepalivedValues.FileRule);
        }
    }
}
