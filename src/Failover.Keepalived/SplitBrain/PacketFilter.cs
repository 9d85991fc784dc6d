using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Failover.Keepalived.SplitBrain;

/// <summary>What the kernel passes on to a packet socket (classic BPF). All else never wakes this process, however busy the interface is.</summary>
internal static class PacketFilter
{
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;

    // The codes of linux/bpf_common.h.
    private const ushort LoadWord = 0x20;
    private const ushort LoadByte = 0x30;
    private const ushort LoadIndexedByte = 0x50;
    private const ushort LoadHeaderLength = 0xb1;
    private const ushort IfEqual = 0x15;
    private const ushort Return = 0x06;
    private const uint All = 0x40000;

    /// <summary>ARP whose sender says that it has this address.</summary>
    internal static Step[] ArpOf(IPAddress sender) =>
    [
        new(LoadWord, 0, 0, Arp.SenderOffset),
        new(IfEqual, 0, 1, BinaryPrimitives.ReadUInt32BigEndian(sender.GetAddressBytes())),
        new(Return, 0, 0, All),
        new(Return, 0, 0, 0),
    ];

    /// <summary>Adverts of this virtual router over IPv4, whose header may be of any length.</summary>
    internal static Step[] AdvertsOf4(int routerId) =>
    [
        new(LoadByte, 0, 0, Ethernet.HeaderLength + 9),
        new(IfEqual, 0, 4, VrrpAdvert.Protocol),
        new(LoadHeaderLength, 0, 0, Ethernet.HeaderLength),
        new(LoadIndexedByte, 0, 0, Ethernet.HeaderLength + 1),
        new(IfEqual, 0, 1, (uint)routerId),
        new(Return, 0, 0, All),
        new(Return, 0, 0, 0),
    ];

    /// <summary>Adverts of this virtual router over IPv6.</summary>
    internal static Step[] AdvertsOf6(int routerId) =>
    [
        new(LoadByte, 0, 0, Ethernet.HeaderLength + 6),
        new(IfEqual, 0, 3, VrrpAdvert.Protocol),
        new(LoadByte, 0, 0, Ethernet.HeaderLength + Ip.HeaderLength6 + 1),
        new(IfEqual, 0, 1, (uint)routerId),
        new(Return, 0, 0, All),
        new(Return, 0, 0, 0),
    ];

    internal static unsafe void Set(Socket socket, Step[] steps)
    {
        fixed (Step* first = steps)
        {
            Program program = new() { Length = (ushort)steps.Length, First = first };
            socket.SetRawSocketOption(SocketLevel, AttachFilter, new ReadOnlySpan<byte>(&program, sizeof(Program)));
        }
    }

    /// <summary><c>struct sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct Step(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary><c>struct sock_fprog</c>.</summary>
    private unsafe struct Program
    {
        internal ushort Length;
        internal Step* First;
    }
}
