using System.Buffers.Binary;
using System.Net;

namespace Failover.Keepalived.SplitBrain;

/// <summary>An advert of a virtual router: VRRP version 2 (RFC 3768) over IPv4, version 3 (RFC 9568) over IPv4 and IPv6.</summary>
/// <param name="Source">Who sent it.</param>
/// <param name="RouterId">The <c>virtual_router_id</c>.</param>
/// <param name="Priority">Its priority; 0 says that the sender gives the address up.</param>
/// <param name="Interval">After how long the next is to be expected.</param>
internal readonly record struct VrrpAdvert(IPAddress Source, int RouterId, int Priority, TimeSpan Interval)
{
    internal const byte Protocol = 112;

    private const int BodyLength = 8;

    /// <summary>Reads a frame; null if it is no advert. Checksums are not looked at: that of version 3 is made in two ways, and the frame has one of its own.</summary>
    internal static VrrpAdvert? Read(ReadOnlySpan<byte> frame) =>
        frame.Length < Ethernet.HeaderLength ? null : Ethernet.TypeOf(frame) switch
        {
            Ip.EtherType4 => ReadIPv4(frame[Ethernet.HeaderLength..]),
            Ip.EtherType6 => ReadIPv6(frame[Ethernet.HeaderLength..]),
            _ => null,
        };

    private static VrrpAdvert? ReadIPv4(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Ip.HeaderLength4 || packet[0] >> 4 != 4 || packet[9] != Protocol)
        {
            return null;
        }

        int header = (packet[0] & 0xf) * 4;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0;
        bool isMulticast = packet[16] >> 4 == 0xe;

        // Out of another network nothing comes with 255; adverts to one host may be routed.
        return header < Ip.HeaderLength4 || length < header || length > packet.Length || isFragment || (isMulticast && packet[8] != Ip.LongestWay)
            ? null
            : ReadBody(packet[header..length], new(packet.Slice(12, 4)), addressLength: 4);
    }

    private static VrrpAdvert? ReadIPv6(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Ip.HeaderLength6 || packet[0] >> 4 != 6 || packet[6] != Protocol || (packet[24] == 0xff && packet[7] != Ip.LongestWay))
        {
            return null;
        }

        int length = Ip.HeaderLength6 + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        return length > packet.Length ? null : ReadBody(packet[Ip.HeaderLength6..length], new(packet.Slice(8, 16)), addressLength: 16);
    }

    private static VrrpAdvert? ReadBody(ReadOnlySpan<byte> body, IPAddress source, int addressLength)
    {
        if (body.Length < BodyLength || body[1] == 0)
        {
            return null;
        }

        // The kind (1: an advert) stands in one byte with the version.
        int needed = BodyLength + (body[3] * addressLength);
        return body[0] switch
        {
            0x21 when addressLength == 4 && body.Length >= needed => new(source, body[1], body[2], TimeSpan.FromSeconds(body[5])),
            0x31 when body.Length >= needed => new(source, body[1], body[2], TimeSpan.FromMilliseconds(10 * (BinaryPrimitives.ReadUInt16BigEndian(body[4..]) & 0xfff))),
            _ => null,
        };
    }
}
