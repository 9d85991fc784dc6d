using System.Collections;
using System.Net;
using System.Net.Sockets;
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
        services.AddSingleton<INameFollower>(new FixedFollower());
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
        services.AddSingleton<INameFollower>(new FixedFollower());
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Contains("AddDnsFollower()", Assert.Throws<InvalidOperationException>(() => new ConfigurationOptions().FollowDns(none)).Message, StringComparison.Ordinal);
        ConfigurationOptions followed = ConfigurationOptions.Parse("redis.example.test").FollowDns(provider);
        Assert.Contains("NameTunnel", Assert.Throws<InvalidOperationException>(() => followed.FollowDns(provider)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_was_begun_before_the_name_moved_and_is_made_after_that_is_refused()
    {
        FixedFollower names = new() { Addresses = [Address(Old)] };
        ServiceCollection services = new();
        services.AddSingleton<INameFollower>(names);
        await using ServiceProvider provider = services.BuildServiceProvider();
        StackExchange.Redis.Configuration.Tunnel tunnel = ConfigurationOptions.Parse("redis.example.test:6379").FollowDns(provider).Tunnel!;
        DnsEndPoint named = new("redis.example.test", 6379);
        using Socket begun = new(SocketType.Stream, ProtocolType.Tcp), next = new(SocketType.Stream, ProtocolType.Tcp);

        Assert.Equal(new IPEndPoint(Address(Old), 6379), await tunnel.GetSocketConnectEndpointAsync(named, CancellationToken.None));
        names.Addresses = [Address(New)];
        await names.Mover!.MoveAsync(new("redis.example.test", [Address(Old)], [Address(New)]), CancellationToken.None);
        await tunnel.BeforeSocketConnectAsync(named, ConnectionType.Interactive, begun, CancellationToken.None);
        await Assert.ThrowsAsync<IOException>(() => tunnel.BeforeAuthenticateAsync(named, ConnectionType.Interactive, begun, CancellationToken.None).AsTask());

        Assert.Equal(new IPEndPoint(Address(New), 6379), await tunnel.GetSocketConnectEndpointAsync(named, CancellationToken.None));
        await tunnel.BeforeSocketConnectAsync(named, ConnectionType.Interactive, next, CancellationToken.None);
        Assert.Null(await tunnel.BeforeAuthenticateAsync(named, ConnectionType.Interactive, next, CancellationToken.None));
    }

    [Fact]
    public async Task Of_several_addresses_the_next_is_taken_where_one_cannot_be_connected_to_and_that_is_told_to_the_follower()
    {
        FixedFollower names = new() { Addresses = [Address(Old), Address(New)] };
        ServiceCollection services = new();
        services.AddSingleton<INameFollower>(names);
        await using ServiceProvider provider = services.BuildServiceProvider();
        StackExchange.Redis.Configuration.Tunnel tunnel = ConfigurationOptions.Parse("redis.example.test:6379").FollowDns(provider).Tunnel!;
        DnsEndPoint named = new("redis.example.test", 6379);
        List<EndPoint?> chosen = [];
        for (int attempt = 0; attempt < 4; attempt++)
        {
            chosen.Add(await tunnel.GetSocketConnectEndpointAsync(named, CancellationToken.None));
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await tunnel.BeforeSocketConnectAsync(named, ConnectionType.Interactive, socket, CancellationToken.None);
        }

        Assert.Equal([Old, New, Old, New], chosen.Select(static one => ((IPEndPoint)one!).Address.ToString()));
        Assert.Equal([Old, New, Old], names.Failed.Select(static one => one!.ToString()));
    }

    [Fact]
    public async Task A_connection_that_ends_while_an_address_is_chosen_does_not_keep_one_from_being_chosen()
    {
        InterruptedFollower names = new(Address(Old), Address(New));
        StackExchange.Redis.Configuration.Tunnel tunnel = Tunnel(names);
        DnsEndPoint named = new("redis.example.test", 6379);
        foreach (string expected in (string[])[Old, New])
        {
            Assert.Equal(new IPEndPoint(Address(expected), 6379), await tunnel.GetSocketConnectEndpointAsync(named, CancellationToken.None));
            using Socket never = new(SocketType.Stream, ProtocolType.Tcp);
            await tunnel.BeforeSocketConnectAsync(named, ConnectionType.Interactive, never, CancellationToken.None);
            if (expected == New)
            {
                // Between the look at what has failed and the choice.
                names.WhenRead = () =>
                {
                    names.WhenRead = null;
                    never.Dispose();
                    _ = tunnel.GetSocketConnectEndpointAsync(new IPEndPoint(Address(Old), 1), CancellationToken.None).AsTask();
                };
                Assert.Equal(new IPEndPoint(Address(New), 6379), await tunnel.GetSocketConnectEndpointAsync(named, CancellationToken.None));
            }
        }
    }

    [Fact]
    public async Task Where_a_connection_leads_is_told_by_its_socket_though_another_address_was_chosen_for_the_next()
    {
        FixedFollower names = new() { Addresses = [Address(Old)] };
        StackExchange.Redis.Configuration.Tunnel tunnel = Tunnel(names);
        using TcpListener server = new(Address(Old), 0);
        server.Start();
        DnsEndPoint named = new("redis.example.test", ((IPEndPoint)server.LocalEndpoint).Port);
        using Socket begun = new(SocketType.Stream, ProtocolType.Tcp);
        EndPoint to = (await tunnel.GetSocketConnectEndpointAsync(named, CancellationToken.None))!;
        names.Addresses = [Address(New)];
        Assert.NotEqual(to, await tunnel.GetSocketConnectEndpointAsync(named, CancellationToken.None));

        await tunnel.BeforeSocketConnectAsync(named, ConnectionType.Interactive, begun, CancellationToken.None);
        await begun.ConnectAsync(to);
        await Assert.ThrowsAsync<IOException>(() => tunnel.BeforeAuthenticateAsync(named, ConnectionType.Interactive, begun, CancellationToken.None).AsTask());
    }

    private static StackExchange.Redis.Configuration.Tunnel Tunnel(INameFollower names)
    {
        ServiceCollection services = new();
        services.AddSingleton(names);
        using ServiceProvider provider = services.BuildServiceProvider();
        return ConfigurationOptions.Parse("redis.example.test:6379").FollowDns(provider).Tunnel!;
    }

    private static IPAddress Address(string text) => IPAddress.Parse(text);

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

    /// <summary>Calls back each time that its answer was read.</summary>
    private sealed class InterruptedFollower(params IPAddress[] addresses) : INameFollower, IReadOnlyList<IPAddress>
    {
        internal Action? WhenRead { get; set; }

        public int Count => addresses.Length;

        public IPAddress this[int index] => addresses[index];

        public IDisposable Follow(INamePoolMover mover) => new MemoryStream();

        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken) => new(this);

        public void ConnectFailed(string name, IPAddress? address)
        {
        }

        public IEnumerator<IPAddress> GetEnumerator()
        {
            try
            {
                foreach (IPAddress address in addresses)
                {
                    yield return address;
                }
            }
            finally
            {
                WhenRead?.Invoke();
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
