using System.Net;
using System.Net.NetworkInformation;

namespace Failover.Keepalived.SplitBrain;

/// <summary>Tells what only another holder of the address says from all else, this node's own voice among it.</summary>
internal sealed class SightReader(IPAddress address, int routerId, IReadOnlyList<Link> own)
{
    private readonly HashSet<PhysicalAddress> _ownMacs = [.. own.Select(static link => link.Mac)];
    private readonly HashSet<IPAddress> _ownAddresses = [.. own.SelectMany(static link => link.Addresses).Select(static its => its.Address)];

    /// <summary>ARP, an answer or not, whose sender says that it has the address.</summary>
    internal Sight? OfArp(ReadOnlySpan<byte> frame) =>
        Arp.Read(frame) is { } arp && arp.Sender.Equals(address) && !_ownMacs.Contains(arp.SenderMac)
            ? new(IsAdvert: false, Ethernet.Show(arp.SenderMac), TimeSpan.Zero)
            : null;

    /// <summary>An advert of the virtual router whose sender does not give it up.</summary>
    internal Sight? OfAdvert(ReadOnlySpan<byte> frame) =>
        VrrpAdvert.Read(frame) is { Priority: > 0 } advert && advert.RouterId == routerId && !_ownAddresses.Contains(advert.Source)
            ? new(IsAdvert: true, advert.Source.ToString(), advert.Interval)
            : null;
}
