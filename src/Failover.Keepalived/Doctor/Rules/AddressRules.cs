using System.Net;
using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>Which address is held, and where.</summary>
internal static class AddressRules
{
    internal static void Look(Examination e)
    {
        foreach (VrrpInstance instance in e.Instances)
        {
            LookAtRouterId(e, instance);
            LookAtInterface(e, instance);
            LookAtAddresses(e, instance);
        }

        foreach (IGrouping<(string?, string?, bool), VrrpInstance> same in e.Instances
            .Where(static one => one.Line.Last("virtual_router_id") is not null)
            .GroupBy(static one => (one.Line.Last("virtual_router_id")?.Value, one.Line.Last("interface")?.Value, one.Addresses.Any(static line => line.Key.Contains(':', StringComparison.Ordinal))))
            .Where(static same => same.Count() > 1))
        {
            e.Error(DoctorCode.RouterIdTwice, same.Last().Line.Last("virtual_router_id")!, $"{string.Join(" and ", same.Select(static one => one.Name))} have the same virtual_router_id on one interface: they take each other for the peer.", "Give each a number of its own.");
        }
    }

    private static void LookAtRouterId(Examination e, VrrpInstance instance)
    {
        ConfigLine? line = instance.Line.Last("virtual_router_id");
        if (ConfigValue.Integer(line?.Value) is not (>= 1 and <= 255))
        {
            e.Error(DoctorCode.RouterId, line ?? instance.Line, line is null ? $"{instance.Name} has no virtual_router_id: keepalived leaves it out." : $"{line.Value} is no virtual_router_id from 1 to 255: keepalived leaves {instance.Name} out.", "Write a number that nobody else in the subnet has, like 77, the same on both nodes.");
        }
    }

    private static void LookAtInterface(Examination e, VrrpInstance instance)
    {
        ConfigLine? line = instance.Line.Last("interface");
        if (line is null && instance.Line.Last("unicast_src_ip") is null)
        {
            e.Error(DoctorCode.Interface, instance.Line, $"{instance.Name} has no interface: keepalived leaves it out.", "Write one, like eth0.");
        }
        else if (line is not null && e.KnowsHost && e.Tree.All("net_namespace").FirstOrDefault() is null && e.Host.Look($"/sys/class/net/{line.Value}") is null)
        {
            e.Error(DoctorCode.Interface, line, $"This host has no interface {line.Value}: keepalived does not start, or waits for it in FAULT.", "Write one of those that ip link shows.");
        }
    }

    private static void LookAtAddresses(Examination e, VrrpInstance instance)
    {
        if (instance.Addresses.Count == 0)
        {
            e.Error(DoctorCode.AddressMissing, instance.Line, $"{instance.Name} has no virtual_ipaddress.", "Write the address that is to move.");
        }

        foreach (ConfigLine line in instance.Addresses)
        {
            if (VrrpInstance.AddressOf(line) is not { } address)
            {
                e.Error(DoctorCode.AddressInvalid, line, $"{line.Key} is no IP address: keepalived leaves it out.", "Write it like 10.77.0.100/24 dev eth0.");
                continue;
            }

            if (!line.Key.Contains('/', StringComparison.Ordinal))
            {
                e.Inform(DoctorCode.AddressPrefix, line, $"{line.Key} is without a prefix length: the address is added as /{address.GetAddressBytes().Length * 8}, without the subnet.", "Write that of the subnet, like /24, unless it is meant so.");
            }

            string? device = line.Words.SkipWhile(static word => word != "dev").Skip(1).FirstOrDefault();
            if (instance.Line.Last("interface")?.Value is not { } own)
            {
                continue;
            }

            if (device is null)
            {
                e.Inform(DoctorCode.AddressDevice, line, $"{line.Key} is without dev: it goes to the interface of {instance.Name}, or to that of its virtual MAC address.", $"Write dev {own}, so that it can be seen.");
            }
            else if (device != own)
            {
                e.Inform(DoctorCode.AddressDevice, line, $"{line.Key} goes to {device}, and adverts to {own}: a failure of the one is not seen on the other.", $"Write {device} as track_interface, unless it is there.");
            }
        }
    }
}
