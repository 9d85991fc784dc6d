using System.Collections.Concurrent;
using System.Net;

namespace Failover.PostgreSql.Cutting;

/// <summary>The sockets to one node, by its addresses: those that its names had whenever a connection was opened. For want of better; see <see cref="SocketScan"/>.</summary>
internal sealed class NodeSockets : IDisposable
{
    // Connections that are being opened come later, and Npgsql's own cancel requests, which a caller waits for.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);
    private const int Times = 40;

    private readonly ConcurrentDictionary<IPEndPoint, byte> _peers = new();
    private readonly ConcurrentDictionary<int, byte> _spared = new();
    private readonly Lock _cutting = new();
    private readonly ITimer _timer;
    private int _left;

    internal NodeSockets(TimeProvider time)
    {
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static state => ((NodeSockets)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    internal void Learn(string host, int port) => Learn(IPAddress.TryParse(host, out IPAddress? address) ? [address] : Dns.GetHostAddresses(host), port);

    internal async Task LearnAsync(string host, int port) =>
        Learn(IPAddress.TryParse(host, out IPAddress? address) ? [address] : await Dns.GetHostAddressesAsync(host).ConfigureAwait(false), port);

    internal void Spare(int localPort) => _spared.TryAdd(localPort, 0);

    /// <summary>Cuts now, and again for ten seconds: longer than an open takes.</summary>
    internal int Condemn()
    {
        lock (_cutting)
        {
            _left = Times;
            int cut = Cut();
            _timer.Change(Soon, Again);
            return cut;
        }
    }

    /// <summary>Nothing is cut from when this returns: a scan that runs is waited for.</summary>
    internal void Trust()
    {
        lock (_cutting)
        {
            _left = 0;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        Trust();
        _timer.Dispose();
    }

    private void Learn(IPAddress[] addresses, int port)
    {
        foreach (IPAddress address in addresses)
        {
            _peers.TryAdd(new IPEndPoint(address, port), 0);
        }
    }

    private void OnTimer()
    {
        lock (_cutting)
        {
            if (_left == 0)
            {
                return;
            }

            Cut();
            if (--_left == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private int Cut() => SocketScan.Cut([.. _peers.Keys], _spared.ContainsKey);
}
