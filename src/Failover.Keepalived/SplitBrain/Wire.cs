using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Failover.Keepalived.SplitBrain;

/// <summary>The wire of Linux: packet sockets, before which no firewall stands, and which need CAP_NET_RAW.</summary>
internal sealed partial class Wire : IWire
{
    private const int PacketLevel = 263;
    private const int AddMembership = 1;
    private const int LongestFrame = 2048;

    private readonly PhysicalAddress _mac;
    private readonly IPAddress _address;
    private readonly Socket _adverts;
    private readonly Socket? _arp;
    private readonly Action<Sight> _heard;
    private readonly Action<string> _lost;
    private readonly Task _ears;
    private int _isOver;

    private Wire(Link link, IPAddress address, Socket adverts, Socket? arp, SightReader reader, Action<Sight> heard, Action<string> lost)
    {
        (Link, _mac, _address, _adverts, _arp, _heard, _lost) = (link.Name, link.Mac, address, adverts, arp, heard, lost);
        _ears = Task.WhenAll(
            Task.Run(() => HearAsync(adverts, reader.OfAdvert)),
            arp is null ? Task.CompletedTask : Task.Run(() => HearAsync(arp, reader.OfArp)));
    }

    private delegate Sight? Reader(ReadOnlySpan<byte> frame);

    public string Link { get; }

    /// <summary>Opens it in the network of the calling thread, where it stays.</summary>
    internal static WireOpening Open(KeepalivedOptions options, Action<Sight> heard, Action<string> lost)
    {
        if (!OperatingSystem.IsLinux() || !IPAddress.TryParse(options.Address, out IPAddress? address))
        {
            return WireOpening.Never("needs Linux");
        }

        List<Socket> sockets = [];
        WireOpening opening;
        try
        {
            opening = Open(options, address, sockets, heard, lost);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AccessDenied)
        {
            opening = WireOpening.Never("needs CAP_NET_RAW");
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressFamilyNotSupported)
        {
            opening = WireOpening.Never("needs AF_PACKET, which this process is not allowed");
        }
        catch (Exception exception)
        {
            opening = WireOpening.Later(exception.Message);
        }

        if (opening.Wire is null)
        {
            sockets.ForEach(static socket => socket.Dispose());
        }

        return opening;
    }

    public void Probe() => _arp?.Send(Arp.Probe(_mac, _address));

    public void Announce()
    {
        if (_arp is null)
        {
            _adverts.Send(NeighbourAdvert.Announcement(_mac, _address));
            return;
        }

        _arp.Send(Arp.Announcement(_mac, _address, isReply: false));
        _arp.Send(Arp.Announcement(_mac, _address, isReply: true));
    }

    public async ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _isOver, 1);
        _adverts.Dispose();
        _arp?.Dispose();
        await _ears.ConfigureAwait(false);
    }

    private static WireOpening Open(KeepalivedOptions options, IPAddress address, List<Socket> sockets, Action<Sight> heard, Action<string> lost)
    {
        bool isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        Socket adverts = New(sockets);
        List<Link> all = SplitBrain.Link.All();
        if (SplitBrain.Link.Choose(all, options.Interface, address) is not { } link || if_nametoindex(link.Name) is not (> 0 and var number))
        {
            return WireOpening.Later(options.Interface is { } name ? $"{name} is not there" : $"no interface has {address} or is in its subnet");
        }

        if (!link.IsEthernet)
        {
            return WireOpening.Later($"{link.Name} is not Ethernet");
        }

        Bind(adverts, isIPv4 ? Ip.EtherType4 : Ip.EtherType6, number, isIPv4 ? PacketFilter.AdvertsOf4(options.RouterId) : PacketFilter.AdvertsOf6(options.RouterId));
        if (adverts.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is not 0)
        {
            return WireOpening.Later($"{link.Name} is down");
        }

        Join(adverts, number, isIPv4 ? [0x01, 0x00, 0x5e, 0, 0, 18] : [0x33, 0x33, 0, 0, 0, 18]);
        Socket? arp = null;
        if (isIPv4)
        {
            arp = New(sockets);
            Bind(arp, Arp.EtherType, number, PacketFilter.ArpOf(address));
        }

        return WireOpening.Of(new Wire(link, address, adverts, arp, new(address, options.RouterId, all), heard, lost));
    }

    /// <summary>It never waits in a send: what cannot be sent at once is an error.</summary>
    private static Socket New(List<Socket> sockets)
    {
        Socket socket = new(AddressFamily.Packet, SocketType.Raw, 0) { Blocking = false };
        sockets.Add(socket);
        return socket;
    }

    /// <summary>The filter first: until it is bound, a socket without a protocol gets nothing.</summary>
    private static void Bind(Socket socket, ushort etherType, int link, PacketFilter.Step[] filter)
    {
        PacketFilter.Set(socket, filter);
        socket.Bind(new PacketEndPoint(etherType, link));
    }

    /// <summary>Has the interface let frames to a group pass, also when keepalived on this node has gone (<c>struct packet_mreq</c>).</summary>
    private static void Join(Socket socket, int link, ReadOnlySpan<byte> group)
    {
        Span<byte> request = stackalloc byte[16];
        request.Clear();
        ushort length = Ethernet.MacLength;
        MemoryMarshal.Write(request, in link);
        MemoryMarshal.Write(request[6..], in length);
        group.CopyTo(request[8..]);
        socket.SetRawSocketOption(PacketLevel, AddMembership, request);
    }

    private async Task HearAsync(Socket socket, Reader read)
    {
        byte[] frame = new byte[LongestFrame];
        try
        {
            while (true)
            {
                int length = await socket.ReceiveAsync(frame, SocketFlags.None).ConfigureAwait(false);
                if (read(frame.AsSpan(0, length)) is { } sight)
                {
                    _heard(sight);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                _lost(exception is SocketException { SocketErrorCode: SocketError.NetworkDown } ? $"{Link} is down" : exception.Message);
            }
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int if_nametoindex(string name);
}
