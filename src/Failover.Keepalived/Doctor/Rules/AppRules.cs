using System.Globalization;
using System.Net;
using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>What the app believes of the configuration.</summary>
internal static class AppRules
{
    internal static void Look(Examination e)
    {
        if (e.App is not { } app || e.Instances.Count == 0)
        {
            return;
        }

        if (e.AppInstance is not { } instance)
        {
            e.Error(DoctorCode.AppDiffers, "vrrp_instance", $"There is no vrrp_instance {app.Instance}, which the app listens for (Instance); there is {string.Join(", ", e.Instances.Select(static one => one.Name))}.", "Give it that name, or set Instance to it.");
            return;
        }

        if (KeepalivedValues.TryAddress(app.Address, out IPAddress? address) && !instance.Addresses.Any(line => address.Equals(VrrpInstance.AddressOf(line))))
        {
            e.Error(DoctorCode.AppDiffers, instance.Line, $"{instance.Name} does not hold {app.Address}, which the app looks for (Address).", "Write it into virtual_ipaddress, or set Address to the one that is there.");
        }

        Compare(e, instance.Line.Last("interface"), app.Interface, "Interface");
        Compare(e, instance.Line.Last("virtual_router_id"), app.RouterId.ToString(CultureInfo.InvariantCulture), "RouterId");
        Compare(e, instance.Line.Last("priority"), app.Priority.ToString(CultureInfo.InvariantCulture), "Priority");
        ConfigLine[] processes = [.. instance.Trackers.Where(static one => one.Kind == TrackerKind.Process).Select(static one => one.Definition?.Last("process")).OfType<ConfigLine>()];
        if (!processes.Any(line => line.Value == app.ProcessName))
        {
            Compare(e, processes.FirstOrDefault(), app.ProcessName, "ProcessName");
        }

        Compare(e, e.Peer?.InstanceLike(instance)?.Line.Last("priority"), app.PeerPriority.ToString(CultureInfo.InvariantCulture), "PeerPriority");
    }

    private static void Compare(Examination e, ConfigLine? line, string? expected, string key)
    {
        if (line is not null && expected is not null && line.Value != expected)
        {
            e.Error(DoctorCode.AppDiffers, line, $"{line.Value} stands here, and {expected} in the settings of the app ({key}).", "Write the same in both.");
        }
    }
}
