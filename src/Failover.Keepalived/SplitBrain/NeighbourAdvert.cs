using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Failover.Keepalived.SplitBrain;

/// <summary>The unsolicited neighbour advertisement (RFC 4861, 7.2.6): what a gratuitous ARP is to IPv4.</summary>
internal static class NeighbourAdvert
{
    private const int BodyLength = 32;
    private const byte Icmp = 58;

    private static ReadOnlySpan<byte> AllNodesMac => [0x33, 0x33, 0, 0, 0, 1];

    private static ReadOnlySpan<byte> AllNodes => [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    /// <summary>Says unasked where an address is.</summary>
    internal static byte[] Announcement(PhysicalAddress mac, IPAddress address)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(address.AddressFamily, AddressFamily.InterNetworkV6, nameof(address));
        byte[] frame = Ethernet.Frame(AllNodesMac, mac, Ip.EtherType6, Ip.HeaderLength6 + BodyLength);
        Span<byte> packet = frame.AsSpan(Ethernet.HeaderLength);
        packet[0] = 0x60;
        packet[5] = BodyLength;
        packet[6] = Icmp;
        packet[7] = Ip.LongestWay;
        address.TryWriteBytes(packet[8..], out _);
        AllNodes.CopyTo(packet[24..]);

        Span<byte> body = packet[Ip.HeaderLength6..];
        body[0] = 136;

        // Override: what was known before is wrong.
        body[4] = 0x20;
        address.TryWriteBytes(body[8..], out _);

        // An option: the link-layer address of the target, one unit of 8 bytes.
        body[24] = 2;
        body[25] = 1;
        mac.GetAddressBytes().CopyTo(body[26..]);
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], Checksum(packet));
        return frame;
    }

    /// <summary>Over both addresses, the length, the protocol and the body (RFC 8200, 8.1).</summary>
    private static ushort Checksum(ReadOnlySpan<byte> packet)
    {
        uint sum = BodyLength + Icmp;
        for (ReadOnlySpan<byte> rest = packet[8..]; !rest.IsEmpty; rest = rest[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(rest);
        }

        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
