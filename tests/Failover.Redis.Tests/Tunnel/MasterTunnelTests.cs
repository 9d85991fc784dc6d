using System.Net;
using Failover.Redis.Tests.Sentinel;
using Failover.Redis.Resp;
using Failover.Redis.Tunnel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Tunnel;

[Collection(OnSentinels.Name)]
public class MasterTunnelTests(SharedSentinels shared, ITestOutputHelper output)
{
    [ServerFact("redis-server")]
    public async Task Spike()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using RedisServer a = await RedisServer.StartAsync();
        await using RedisServer b = await RedisServer.StartAsync();
        using MasterTunnel tunnel = new(new TunnelSettings(new RespAccess(_ => new((RedisCredentials?)null), null, ""), TimeSpan.FromSeconds(5)), TimeProvider.System, NullLogger.Instance);
        ConfigurationOptions options = new();
        MasterTunnel.Configure(options, tunnel);
        Task<ConnectionMultiplexer> connecting = ConnectionMultiplexer.ConnectAsync(options);
        tunnel.SwitchTo(new IPEndPoint(IPAddress.Loopback, a.Port));
        await using ConnectionMultiplexer mux = await connecting;
        mux.ConnectionFailed += (_, e) => output.WriteLine($"{Environment.TickCount64} failed {e.ConnectionType} {e.FailureType}");
        mux.ConnectionRestored += (_, e) => output.WriteLine($"{Environment.TickCount64} restored {e.ConnectionType}");
        IDatabase db = mux.GetDatabase();
        RedisServer at = a;
        long done = 0;
        for (int i = 0; i < 6; i++)
        {
            using CancellationTokenSource stop = new();
            Task[] load = [.. Enumerable.Range(0, 50).Select(async n =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Assert.True(await db.StringSetAsync($"k{n}", "\r\n+OK\r\n$5\r\n"));
                    Assert.Equal("\r\n+OK\r\n$5\r\n", await db.StringGetAsync($"k{n}") is { IsNull: false } v ? v.ToString() : "\r\n+OK\r\n$5\r\n");
                    Interlocked.Increment(ref done);
                }
            })];
            await Task.Delay(300);
            output.WriteLine($"{Environment.TickCount64} hold; {tunnel.State}; done {done}");
            tunnel.Hold("test");
            await Task.Delay(300);
            output.WriteLine($"{Environment.TickCount64} held; {tunnel.State}; done {done}");
            at = at == a ? b : a;
            tunnel.SwitchTo(new IPEndPoint(IPAddress.Loopback, at.Port));
            await Task.Delay(300);
            output.WriteLine($"{Environment.TickCount64} switched; {tunnel.State}; done {done}");
            await stop.CancelAsync();
            await Task.WhenAll(load);
        }
    }
}
