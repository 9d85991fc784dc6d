using System.Buffers.Binary;
using System.Net.NetworkInformation;

namespace Failover.Keepalived.SplitBrain;

/// <summary>The header of an Ethernet frame without a VLAN tag: on the interface of a VLAN there is none.</summary>
internal static class Ethernet
{
    internal const int MacLength = 6;
    internal const int HeaderLength = 14;

    internal static ReadOnlySpan<byte> Broadcast => [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

    internal static ushort TypeOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);

    internal static byte[] Frame(ReadOnlySpan<byte> to, PhysicalAddress from, ushort type, int bodyLength)
    {
        byte[] frame = new byte[HeaderLength + bodyLength];
        to.CopyTo(frame);
        from.GetAddressBytes().CopyTo(frame, MacLength);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        return frame;
    }

    /// <summary>As people write it: <c>02:00:00:00:00:01</c>.</summary>
    internal static string Show(PhysicalAddress mac) => string.Join(':', mac.GetAddressBytes().Select(static part => part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
