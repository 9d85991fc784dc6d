using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Failover.Keepalived.SplitBrain;

/// <summary>ARP for IPv4 over Ethernet (RFC 826), as whole frames.</summary>
/// <param name="IsReply">Whether it answers a request.</param>
/// <param name="SenderMac">Where the sender says it is.</param>
/// <param name="Sender">The address that the sender says it has; 0.0.0.0 in a probe.</param>
/// <param name="Target">The address that is asked for, or of the one who asked.</param>
internal readonly record struct Arp(bool IsReply, PhysicalAddress SenderMac, IPAddress Sender, IPAddress Target)
{
    internal const ushort EtherType = 0x0806;

    /// <summary>Where a frame has the address of its sender.</summary>
    internal const int SenderOffset = Ethernet.HeaderLength + 14;

    private const int Length = Ethernet.HeaderLength + 28;

    // Ethernet (1), IPv4 (0x0800), addresses of 6 and 4 bytes.
    private static ReadOnlySpan<byte> Kind => [0, 1, 8, 0, 6, 4];

    /// <summary>Asks who has an address, claiming none: nobody's table changes (RFC 5227, 2.1.1).</summary>
    internal static byte[] Probe(PhysicalAddress mac, IPAddress address) => Build(isReply: false, mac, IPAddress.Any, new byte[Ethernet.MacLength], address);

    /// <summary>Says unasked where an address is. Some hosts take it only as a request, some only as a reply.</summary>
    internal static byte[] Announcement(PhysicalAddress mac, IPAddress address, bool isReply) =>
        Build(isReply, mac, address, isReply ? mac.GetAddressBytes() : new byte[Ethernet.MacLength], address);

    /// <summary>Reads a frame; null if it is no ARP request or reply for IPv4 over Ethernet.</summary>
    internal static Arp? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Length || Ethernet.TypeOf(frame) != EtherType || !frame.Slice(Ethernet.HeaderLength, Kind.Length).SequenceEqual(Kind))
        {
            return null;
        }

        ReadOnlySpan<byte> body = frame[Ethernet.HeaderLength..];
        return BinaryPrimitives.ReadUInt16BigEndian(body[6..]) is var operation and (1 or 2)
            ? new(operation == 2, new(body.Slice(8, Ethernet.MacLength).ToArray()), new(body.Slice(14, 4)), new(body.Slice(24, 4)))
            : null;
    }

    private static byte[] Build(bool isReply, PhysicalAddress mac, IPAddress sender, ReadOnlySpan<byte> targetMac, IPAddress target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.AddressFamily, AddressFamily.InterNetwork, nameof(target));
        byte[] frame = Ethernet.Frame(Ethernet.Broadcast, mac, EtherType, Length - Ethernet.HeaderLength);
        Span<byte> body = frame.AsSpan(Ethernet.HeaderLength);
        Kind.CopyTo(body);
        body[7] = isReply ? (byte)2 : (byte)1;
        mac.GetAddressBytes().CopyTo(body[8..]);
        sender.TryWriteBytes(body[14..], out _);
        targetMac.CopyTo(body[18..]);
        target.TryWriteBytes(body[24..], out _);
        return frame;
    }
}
