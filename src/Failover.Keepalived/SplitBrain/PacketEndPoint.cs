using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Failover.Keepalived.SplitBrain;

/// <summary>What a packet socket of Linux is bound to: one kind of frames on one interface (<c>struct sockaddr_ll</c>).</summary>
internal sealed class PacketEndPoint(ushort etherType, int link) : EndPoint
{
    private const int Length = 20;
    private const ushort PacketFamily = 17;

    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        SocketAddress address = new(AddressFamily.Packet, Length);
        Span<byte> bytes = address.Buffer.Span[..Length];
        bytes.Clear();
        ushort family = PacketFamily;
        MemoryMarshal.Write(bytes, in family);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], etherType);
        MemoryMarshal.Write(bytes[4..], in link);
        return address;
    }
}
