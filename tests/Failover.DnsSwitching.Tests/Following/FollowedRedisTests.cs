using Failover.Redis;
using Failover.TestServers.Dns;
using Failover.TestServers.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>Ordinary multiplexers, a real name at a real BIND, and two real Redis servers on one port. The name moves; the server that it leaves lives on.</summary>
public sealed class FollowedRedisTests(ITestOutputHelper output)
{
    private const string Old = "127.0.0.1";
    private const string New = "127.0.0.2";

    [NameServerFact]
    public async Task A_multiplexer_whose_connections_are_well_goes_where_the_name_leads()
    {
        await using RedisServer old = await RedisServer.StartAsync();
        await using RedisServer other = await RedisServer.StartAsync("--bind", New, "--port", $"{old.Port}");
        await using OnBind bind = await OnBind.StartAsync(Old);
        await using ServiceProvider services = Services(bind);
        await using ConnectionMultiplexer ordinary = await ConnectionMultiplexer.ConnectAsync($"{Old}:{old.Port}");
        await using ConnectionMultiplexer following = await ConnectionMultiplexer.ConnectAsync(Options(bind, old.Port).FollowDns(services));
        await ordinary.GetDatabase().StringSetAsync("where", Old);
        await using (ConnectionMultiplexer there = await ConnectionMultiplexer.ConnectAsync($"{New}:{old.Port}"))
        {
            await there.GetDatabase().StringSetAsync("where", New);
        }

        IDatabase database = following.GetDatabase();
        Assert.Equal(Old, await database.StringGetAsync("where"));
        await bind.MoveAsync(New);
        (int onOld, int failed) = (0, 0);
        await OnBind.UntilAsync(async () =>
        {
            try
            {
                RedisValue where = await database.StringGetAsync("where");
                onOld += where == Old ? 1 : 0;
                return where == New;
            }
            catch (RedisException)
            {
                failed++;
                return false;
            }
        }, "the multiplexer is on the other server");
        for (int time = 0; time < 50; time++)
        {
            Assert.Equal(New, await database.StringGetAsync("where"));
        }

        output.WriteLine($"{onOld} reads on the old server, {failed} failed, then 51 on the new one");
        Assert.True(failed <= 1, $"{failed} reads failed, one at a time");
        Assert.Equal(Old, await ordinary.GetDatabase().StringGetAsync("where"));
    }

    [NameServerFact]
    public async Task A_server_that_cannot_be_connected_to_is_left_for_another_address_of_the_name()
    {
        await using RedisServer old = await RedisServer.StartAsync();
        await using OnBind bind = await OnBind.StartAsync("127.0.0.3");
        await using ServiceProvider services = Services(bind);
        await using ConnectionMultiplexer following = await ConnectionMultiplexer.ConnectAsync(Options(bind, old.Port).FollowDns(services));
        Assert.False(following.IsConnected);

        await bind.Server.UpdateAsync($"add {bind.Name} 2 A {Old}");
        await OnBind.UntilAsync(() => Task.FromResult(following.IsConnected), "it is connected to the address that works");
        Assert.Equal("PONG", (await following.GetDatabase().ExecuteAsync("PING")).ToString());
    }

    [Fact]
    public void Options_that_pin_addresses_are_told_of()
    {
        using FakeLoggerProvider logs = new();
        ServiceCollection services = new();
        services.AddLogging(logging => logging.AddProvider(logs));
        services.AddFailover().AddDnsFollower();
        using ServiceProvider provider = services.BuildServiceProvider();

        ConfigurationOptions.Parse("redis.example.test").FollowDns(provider);
        Assert.Empty(logs.Collector.GetSnapshot());
        ConfigurationOptions.Parse("redis.example.test,resolveDns=true").FollowDns(provider);

        FakeLogRecord told = Assert.Single(logs.Collector.GetSnapshot());
        Assert.Equal((9005, LogLevel.Warning), (told.Id.Id, told.Level));
    }

    [Fact]
    public void Without_a_follower_or_with_a_tunnel_the_options_are_refused()
    {
        ServiceCollection services = new();
        using ServiceProvider none = services.BuildServiceProvider();
        services.AddFailover().AddDnsFollower();
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Contains("AddDnsFollower()", Assert.Throws<InvalidOperationException>(() => new ConfigurationOptions().FollowDns(none)).Message, StringComparison.Ordinal);
        ConfigurationOptions followed = ConfigurationOptions.Parse("redis.example.test").FollowDns(provider);
        Assert.Contains("NameTunnel", Assert.Throws<InvalidOperationException>(() => followed.FollowDns(provider)).Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(OnBind bind)
    {
        ServiceCollection services = new();
        services.AddFailover().AddDnsFollower(bind.Follow);
        return services.BuildServiceProvider();
    }

    private static ConfigurationOptions Options(OnBind bind, int port) => new()
    {
        EndPoints = { { bind.Name, port } },
        AbortOnConnectFail = false,
        ConnectRetry = 1,
        ConnectTimeout = 2000,
        ReconnectRetryPolicy = new LinearRetry(100),
    };
}
