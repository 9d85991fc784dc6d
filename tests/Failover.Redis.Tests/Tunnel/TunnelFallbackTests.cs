using System.Net;
using System.Net.Sockets;
using System.Text;
using Failover.Redis.Tunnel;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>What becomes of a multiplexer that cannot be told that its server moves, or does not care.</summary>
public sealed class TunnelFallbackTests(ITestOutputHelper output)
{
    private static readonly DnsEndPoint Logical = new("redis-master", 6379);

    [ServerTheory("redis-server")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_multiplexer_that_speaks_RESP2_is_cut_and_follows_without_a_loss(bool byServer)
    {
        // As a server that is older than RESP3.
        string[] settings = byServer ? ["--rename-command", "HELLO", ""] : [];
        await using RedisServer first = await RedisServer.StartAsync(settings);
        await using RedisServer second = await RedisServer.StartAsync(settings);
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(first), configure: options => options.Protocol = byServer ? null : RedisProtocol.Resp2);
        Assert.Equal(TunnelMode.Cut, app.Tunnel.State.Mode);
        await using CountingLoad load = CountingLoad.Start(app.Database, perSecond: 2_000);
        for (int turn = 0; turn < 4; turn++)
        {
            await load.MoreAsync(200);
            await app.HoldAsync();
            app.Tunnel.SwitchTo(TunnelApp.At(turn % 2 == 0 ? second : first));
        }

        await load.MoreAsync(200);
        await load.StopAsync();
        output.WriteLine($"{load.Acknowledged} acknowledged, {load.Errors.Count} of unknown outcome");

        // What was on its way when it was cut may have been done.
        await using ConnectionMultiplexer one = await ConnectionMultiplexer.ConnectAsync(first.Endpoint);
        await using ConnectionMultiplexer other = await ConnectionMultiplexer.ConnectAsync(second.Endpoint);
        await load.CheckAsync(one.GetDatabase(), other.GetDatabase());
        Assert.All(load.Errors, static error => Assert.IsType<RedisConnectionException>(error));
        Assert.Equal(0, app.Tunnel.State.Handoffs);
    }

    [ServerFact("redis-server")]
    public async Task A_client_that_reads_that_its_server_moves_and_stays_is_cut_and_after_three_times_never_told_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        FakeLogger logger = new();
        using MasterTunnel tunnel = new(new TunnelSettings(TunnelApp.Open, TimeSpan.FromSeconds(5)), TimeProvider.System, logger);
        tunnel.SwitchTo(TunnelApp.At(server));
        for (int time = 1; time <= 3; time++)
        {
            Assert.Equal(TunnelMode.Handoff, tunnel.State.Mode);
            Assert.Contains("MOVING", await StayAsync(tunnel), StringComparison.Ordinal);
            Assert.Equal((true, 0, 0, time, 0), (tunnel.State.IsHeld, tunnel.State.Waiting, tunnel.State.Links, tunnel.State.Handoffs, tunnel.State.Taken));
            tunnel.Release();
        }

        Assert.Equal(TunnelMode.Cut, tunnel.State.Mode);
        Assert.Equal(3, logger.Collector.GetSnapshot().Count(static record => record.Id.Id == 9002));
        Assert.DoesNotContain("MOVING", await StayAsync(tunnel), StringComparison.Ordinal);
        Assert.Equal(3, tunnel.State.Handoffs);
    }

    [ServerFact("redis-server")]
    public async Task A_connection_that_stands_still_amid_an_answer_is_cut_and_the_next_is_told_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using StalledRelay stalls = new(server.Port);
        using MasterTunnel tunnel = new(new TunnelSettings(TunnelApp.Open, TimeSpan.FromSeconds(5)), TimeProvider.System, new FakeLogger());
        tunnel.SwitchTo(new IPEndPoint(IPAddress.Loopback, stalls.Port));
        Assert.DoesNotContain("MOVING", await StayAsync(tunnel), StringComparison.Ordinal);
        Assert.Equal((TunnelMode.Handoff, 1, 0), (tunnel.State.Mode, tunnel.State.Handoffs, tunnel.State.Taken));
    }

    [ServerFact("redis-server")]
    public async Task A_connection_that_is_cut_before_it_connects_does_so_all_the_same_and_is_refused()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        FakeTimeProvider time = new();
        FakeLogger logger = new();
        using MasterTunnel tunnel = new(new TunnelSettings(TunnelApp.Open, TimeSpan.FromSeconds(5)), time, logger);
        tunnel.SwitchTo(TunnelApp.At(server));
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await tunnel.BeforeSocketConnectAsync(Logical, ConnectionType.Interactive, socket, CancellationToken.None);
        tunnel.Hold("test");
        tunnel.Release();

        // An exception at its first step would be lost in the multiplexer.
        await socket.ConnectAsync(TunnelApp.At(server));
        await Assert.ThrowsAsync<IOException>(() => tunnel.BeforeAuthenticateAsync(Logical, ConnectionType.Interactive, socket, CancellationToken.None).AsTask());
        Assert.Equal(0, tunnel.State.Links);
        Assert.DoesNotContain(logger.Collector.GetSnapshot(), static record => record.Id.Id == 9003);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(socket.Connected);
    }

    /// <summary>Connects as a multiplexer does, has the tunnel hold, and stays until it is cut.</summary>
    /// <returns>What was read after the hold.</returns>
    private static async Task<string> StayAsync(MasterTunnel tunnel)
    {
        EndPoint to = (await tunnel.GetSocketConnectEndpointAsync(Logical, CancellationToken.None))!;
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await tunnel.BeforeSocketConnectAsync(Logical, ConnectionType.Interactive, socket, CancellationToken.None);
        await socket.ConnectAsync(to);
        Stream stream = (await tunnel.BeforeAuthenticateAsync(Logical, ConnectionType.Interactive, socket, CancellationToken.None))!;
        await stream.WriteAsync("*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n"u8.ToArray());
        byte[] buffer = new byte[4096];
        Assert.NotEqual(0, await stream.ReadAsync(buffer).AsTask().WaitAsync(TunnelApp.Limit));

        tunnel.Hold("test");
        StringBuilder heard = new();
        while (await stream.ReadAsync(buffer).AsTask().WaitAsync(TunnelApp.Limit) is > 0 and var count)
        {
            heard.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return heard.ToString();
    }
}
