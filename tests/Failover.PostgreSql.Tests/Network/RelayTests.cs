using System.Net;
using System.Net.Sockets;
using Failover.TestServers.Network;

namespace Failover.PostgreSql.Tests.Network;

/// <summary>The network that other tests rely on fails as asked.</summary>
public class RelayTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_blackhole_holds_what_is_sent_and_closes_nothing_and_lets_nobody_connect_and_delivers_it_afterwards()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;   // A full queue is dropped from, not refused, on Linux alone.
        }

        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        await using Relay relay = Relay.Start(((IPEndPoint)server.LocalEndpoint).Port);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, relay.Port);
        using TcpClient there = await server.AcceptTcpClientAsync().WaitAsync(Limit);
        await client.GetStream().WriteAsync("a"u8.ToArray());
        Assert.Equal("a", await ReadAsync(there));

        await relay.BecomeAsync(RelayMode.Blackhole);
        await client.GetStream().WriteAsync("b"u8.ToArray());
        Task<string> held = ReadAsync(there);
        using TcpClient late = new();
        Task connecting = late.ConnectAsync(IPAddress.Loopback, relay.Port);
        await Assert.ThrowsAsync<TimeoutException>(() => connecting.WaitAsync(TimeSpan.FromMilliseconds(200)));
        Assert.False(held.IsCompleted);

        await relay.BecomeAsync(RelayMode.Pass);
        Assert.Equal("b", await held);
        await connecting.WaitAsync(Limit);
        using TcpClient lateThere = await server.AcceptTcpClientAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task A_cut_resets_both_sides_and_new_connections_until_it_is_mended()
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        await using Relay relay = Relay.Start(((IPEndPoint)server.LocalEndpoint).Port);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, relay.Port);
        using TcpClient there = await server.AcceptTcpClientAsync().WaitAsync(Limit);

        await relay.BecomeAsync(RelayMode.Cut);

        await Assert.ThrowsAsync<IOException>(() => ReadAsync(client));
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(there));
        using TcpClient refused = new();
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            // Sometimes before the connection is told to be made.
            await refused.ConnectAsync(IPAddress.Loopback, relay.Port);
            await refused.Client.ReceiveAsync(new byte[1]).WaitAsync(Limit);
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);

        await relay.BecomeAsync(RelayMode.Pass);
        using TcpClient again = new();
        await again.ConnectAsync(IPAddress.Loopback, relay.Port);
        using TcpClient againThere = await server.AcceptTcpClientAsync().WaitAsync(Limit);
    }

    private static async Task<string> ReadAsync(TcpClient client)
    {
        byte[] buffer = new byte[16];
        int count = await client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Limit);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
    }
}
