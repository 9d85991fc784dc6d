using System.Net.Sockets;
using Failover.Keepalived.SplitBrain;
using Failover.TestServers.Network;

namespace Failover.Keepalived.Tests.SplitBrain;

/// <summary>Hears all ARP that reaches a host.</summary>
internal sealed class ArpTap : IDisposable
{
    private readonly Socket _socket;

    internal ArpTap(NetworkHost host) => _socket = host.Inside(static () =>
    {
        Socket socket = new(AddressFamily.Packet, SocketType.Raw, 0);
        socket.Bind(new PacketEndPoint(Arp.EtherType, 0));
        return socket;
    });

    public void Dispose() => _socket.Dispose();

    /// <summary>Hears a number of frames that matter.</summary>
    internal async Task<List<Arp>> HearAsync(int count, Func<Arp, bool> matters)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        List<Arp> heard = [];
        byte[] frame = new byte[2048];
        while (heard.Count < count)
        {
            int length = await _socket.ReceiveAsync(frame, limit.Token);
            if (Arp.Read(frame.AsSpan(0, length)) is { } arp && matters(arp))
            {
                heard.Add(arp);
            }
        }

        return heard;
    }
}
