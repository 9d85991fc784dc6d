using System.Globalization;
using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>What both nodes must have alike, and what they must not.</summary>
internal static class PeerRules
{
    internal static void Look(Examination e)
    {
        if (e.Peer is not { } peer)
        {
            return;
        }

        foreach (VrrpInstance own in e.Instances)
        {
            if (peer.InstanceLike(own) is not { } other)
            {
                e.Error(DoctorCode.PeerDiffers, own.Line, $"The other node has no vrrp_instance {own.Name}: nobody takes over.", "Write one there.");
                continue;
            }

            if (own.Priority == other.Priority)
            {
                e.Error(DoctorCode.PriorityEqual, own.Line.Last("priority") ?? own.Line, string.Create(CultureInfo.InvariantCulture, $"Both nodes have priority {own.Priority}: the higher address decides, none is the preferred one, and what is as much worth does not take over."), "Write 50 on one and 40 on the other.");
            }
            else if (Math.Abs(own.Priority - other.Priority) < KeepalivedValues.LeastDistance && own.IsCredited)
            {
                e.Error(DoctorCode.PriorityClose, own.Line.Last("priority") ?? own.Line, string.Create(CultureInfo.InvariantCulture, $"The priorities of the nodes are {own.Priority} and {other.Priority}, and each credit has three values, like 200, 199 and 198: either node can be above the other though both are as fit, and none is the preferred one."), "Write 50 on one and 40 on the other, at least 3 apart.");
            }

            Compare(e, own, other);
        }
    }

    private static void Compare(Examination e, VrrpInstance own, VrrpInstance other)
    {
        if (own.Line.Last("virtual_router_id") is { } id && other.Line.Last("virtual_router_id")?.Value is { } otherId && id.Value != otherId)
        {
            e.Error(DoctorCode.PeerDiffers, id, $"The other node has virtual_router_id {otherId}: neither hears the other, and both hold the address.", "Write the same on both.");
        }

        if (own.Version != other.Version)
        {
            e.Error(DoctorCode.PeerDiffers, own.Line.Last("version") ?? e.Tree.Global("vrrp_version") ?? own.Line, string.Create(CultureInfo.InvariantCulture, $"This node speaks version {own.Version} of VRRP and the other one {other.Version}: neither hears the other, and both hold the address."), "Write vrrp_version 3 in global_defs on both.");
        }

        (string interval, string otherInterval) = (own.Line.Last("advert_int")?.Value ?? "1", other.Line.Last("advert_int")?.Value ?? "1");
        if (ConfigValue.Seconds(interval) != ConfigValue.Seconds(otherInterval))
        {
            e.Warn(DoctorCode.PeerDiffers, own.Line.Last("advert_int") ?? own.Line, $"The other node sends adverts each {otherInterval} seconds, this one each {interval}: how long a failover takes depends on who was master, and version 2 refuses such adverts.", "Write the same on both.");
        }

        if (!Addresses(own).SetEquals(Addresses(other)))
        {
            e.Error(DoctorCode.PeerDiffers, own.Line.Last("virtual_ipaddress") ?? own.Line, $"The nodes do not have the same addresses: {string.Join(", ", Addresses(own))} here, {string.Join(", ", Addresses(other))} there.", "Write the same on both.");
        }

        CompareUnicast(e, own, other);
    }

    private static void CompareUnicast(Examination e, VrrpInstance own, VrrpInstance other)
    {
        string[] peers = [.. own.Line.Inside("unicast_peer").Select(static line => line.Key)];
        string[] otherPeers = [.. other.Line.Inside("unicast_peer").Select(static line => line.Key)];
        ConfigLine line = own.Line.Last("unicast_peer") ?? own.Line;
        if (peers.Length > 0 != otherPeers.Length > 0)
        {
            e.Error(DoctorCode.PeerDiffers, line, "One node sends multicast, the other one to its peer alone: they do not hear each other, and both hold the address.", "Write unicast_peer on both, or on neither.");
        }
        else if (peers.Length > 0 && (IsMissed(own, otherPeers) || IsMissed(other, peers)))
        {
            e.Error(DoctorCode.PeerDiffers, line, "The unicast_peer of one node is not the unicast_src_ip of the other: they do not hear each other, and both hold the address.", "Write the address of each into unicast_src_ip there and unicast_peer here.");
        }
    }

    private static bool IsMissed(VrrpInstance one, string[] peers) => one.Line.Last("unicast_src_ip")?.Value is { } source && !peers.Contains(source);

    private static HashSet<string> Addresses(VrrpInstance one) => [.. one.Addresses.Select(static line => VrrpInstance.AddressOf(line)?.ToString() ?? line.Key)];
}
