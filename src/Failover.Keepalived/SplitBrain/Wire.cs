using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Failover.Keepalived.SplitBrain;

/// <summary>The wire of Linux: packet sockets, which no firewall stands before, and which need CAP_NET_RAW.</summary>
internal sealed partial class Wire : IWire
{
    private const int PacketLevel = 263;
    private const int AddMembership = 1;
    private const int LongestFrame = 2048;

    private readonly Link _link;
    private readonly IPAddress _address;
    private readonly HashSet<PhysicalAddress> _ownMacs;
    private readonly HashSet<IPAddress> _ownAddresses;
    private readonly Socket? _arp;
    private readonly Socket _adverts;
    private readonly Action<Sight> _heard;
    private readonly Action<string> _lost;
    private Task _ears = Task.CompletedTask;
    private int _isOver;

    private Wire(Link link, List<Link> all, IPAddress address, Socket? arp, Socket adverts, Action<Sight> heard, Action<string> lost)
    {
        (_link, _address, _arp, _adverts, _heard, _lost) = (link, address, arp, adverts, heard, lost);
        _ownMacs = [.. all.Select(static own => own.Mac)];
        _ownAddresses = [.. all.SelectMany(static own => own.Addresses).Select(static own => own.Address)];
    }

    public string Link => _link.Name;

    /// <summary>Opens it in the network of the calling thread, where it stays.</summary>
    internal static WireOpening Open(KeepalivedOptions options, Action<Sight> heard, Action<string> lost)
    {
        if (!OperatingSystem.IsLinux())
        {
            return WireOpening.Never("needs Linux");
        }

        if (!IPAddress.TryParse(options.Address, out IPAddress? address))
        {
            return WireOpening.Never("the address is none");
        }

        Socket? adverts = null;
        Socket? arp = null;
        try
        {
            bool isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
            adverts = New();
            List<Link> all = SplitBrain.Link.All();
            int number = 0;
            if (SplitBrain.Link.Choose(all, options.Interface, address) is not { } link || (number = if_nametoindex(link.Name)) == 0)
            {
                adverts.Dispose();
                return WireOpening.Later(options.Interface is { } name ? $"{name} is not there" : $"no interface has {address} or is in its subnet");
            }

            if (!link.IsEthernet)
            {
                adverts.Dispose();
                return WireOpening.Later($"{link.Name} is not Ethernet");
            }

            Bind(adverts, isIPv4 ? Ip.EtherType4 : Ip.EtherType6, number, isIPv4 ? PacketFilter.AdvertsOf4(options.RouterId) : PacketFilter.AdvertsOf6(options.RouterId));
            if (adverts.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is not 0)
            {
                adverts.Dispose();
                return WireOpening.Later($"{link.Name} is down");
            }

            Join(adverts, number, isIPv4 ? [0x01, 0x00, 0x5e, 0, 0, 18] : [0x33, 0x33, 0, 0, 0, 18]);
            if (isIPv4)
            {
                arp = New();
                Bind(arp, Arp.EtherType, number, PacketFilter.ArpOf(address));
            }

            Wire wire = new(link, all, address, arp, adverts, heard, lost);
            wire.Listen(options.RouterId);
            return WireOpening.Of(wire);
        }
        catch (Exception exception)
        {
            adverts?.Dispose();
            arp?.Dispose();
            return exception is SocketException { SocketErrorCode: SocketError.AccessDenied } ? WireOpening.Never("needs CAP_NET_RAW") : WireOpening.Later(exception.Message);
        }
    }

    public void Probe() => _arp?.Send(Arp.Probe(_link.Mac, _address));

    public void Announce()
    {
        if (_arp is null)
        {
            _adverts.Send(NeighbourAdvert.Announcement(_link.Mac, _address));
            return;
        }

        _arp.Send(Arp.Announcement(_link.Mac, _address, isReply: false));
        _arp.Send(Arp.Announcement(_link.Mac, _address, isReply: true));
    }

    public async ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _isOver, 1);
        _adverts.Dispose();
        _arp?.Dispose();
        await _ears.ConfigureAwait(false);
    }

    /// <summary>Never waits in a send: what cannot be sent at once is an error.</summary>
    private static Socket New() => new(AddressFamily.Packet, SocketType.Raw, 0) { Blocking = false };

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

    private void Listen(int routerId)
    {
        Task adverts = Task.Run(() => HearAsync(_adverts, frame => VrrpAdvert.Read(frame) is { } advert && advert.RouterId == routerId && advert.Priority > 0 && !_ownAddresses.Contains(advert.Source)
            ? new(IsAdvert: true, advert.Source.ToString(), advert.Interval)
            : null));
        Task arp = _arp is null ? Task.CompletedTask : Task.Run(() => HearAsync(_arp, frame => Arp.Read(frame) is { } heard && heard.Sender.Equals(_address) && !_ownMacs.Contains(heard.SenderMac)
            ? new(IsAdvert: false, Ethernet.Show(heard.SenderMac), TimeSpan.Zero)
            : null));
        _ears = Task.WhenAll(adverts, arp);
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

    private delegate Sight? Reader(ReadOnlySpan<byte> frame);
}
