using Failover.DnsSwitching.Following;
using Failover.TestServers;
using Failover.TestServers.Dns;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit.Abstractions;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>Ordinary data sources of Npgsql, a real name at a real BIND, and two real servers. What is opened by the name goes, at that moment, where BIND says; the server that it leaves lives on.</summary>
public sealed class FollowedNpgsqlTests(ITestOutputHelper output)
{
    private const string Old = "127.0.0.1";
    private const string New = "127.0.0.2";

    [ServerFact("named", "nsupdate", "dig", "postgres", "setpriv")]
    public async Task A_pool_whose_connections_are_well_is_emptied_when_the_name_leads_elsewhere_and_one_by_default_never_is()
    {
        Task<PostgreSqlServer> starting = PostgreSqlServer.StartAsync();
        await using PostgreSqlServer old = await PostgreSqlServer.StartAsync(), other = await starting;
        await using OnBind bind = await OnBind.StartAsync(Old);
        await using Relay front = Relay.Start(async _ => (await bind.Server.DigAsync(bind.Name, "A"))[0] == Old ? old.Port : other.Port);
        await using NpgsqlConnection admin = new(other.ConnectionString);
        await admin.OpenAsync();
        await using (NpgsqlCommand same = new($"alter role {PostgreSqlServer.UserName} password '{old.Password}'", admin))
        {
            await same.ExecuteNonQueryAsync();
        }

        string connection = new NpgsqlConnectionStringBuilder(old.ConnectionString) { Host = "localhost", Port = front.Port, MaxPoolSize = 4 }.ConnectionString;
        await using NpgsqlDataSource ordinary = NpgsqlDataSource.Create(connection), following = NpgsqlDataSource.Create(connection);
        await using ServiceProvider services = Services(bind, following);
        IHostedService[] hosted = [.. services.GetServices<IHostedService>()];
        await Task.WhenAll(hosted.Select(static service => service.StartAsync(CancellationToken.None)));
        await using NpgsqlConnection held = await following.OpenConnectionAsync();
        Assert.Equal((old.Port, old.Port), (await PortAsync(ordinary), await PortAsync(following)));

        await bind.MoveAsync(New);
        int onOld = 0;
        await OnBind.UntilAsync(async () =>
        {
            int port = await PortAsync(following);
            Assert.Equal(old.Port, await PortAsync(ordinary));
            onOld += port == old.Port ? 1 : 0;
            return port == other.Port;
        }, "the pool is on the other server");

        // What was in use goes on, and is not given out again.
        Assert.Equal(old.Port, await PortAsync(held));
        await held.CloseAsync();
        for (int time = 0; time < 20; time++)
        {
            Assert.Equal((old.Port, other.Port), (await PortAsync(ordinary), await PortAsync(following)));
        }

        output.WriteLine($"following: {onOld} on the old server, then 21 on the new one; by default: {onOld + 22} on the old one");
    }

    [Fact]
    public async Task An_app_whose_pools_are_to_follow_does_not_start_without_a_follower()
    {
        ServiceCollection services = new();
        services.AddFailover().FollowNpgsqlDataSource(static _ => throw new InvalidOperationException("It is not asked for."));
        await using ServiceProvider provider = services.BuildServiceProvider();

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Task.WhenAll(provider.GetServices<IHostedService>().Select(static service => service.StartAsync(CancellationToken.None))));
        Assert.Contains("AddDnsFollower()", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>"localhost" stands for the name: Npgsql looks it up by the system, which does not ask this BIND, and the relay that it finds there leads on by the name.</summary>
    private static ServiceProvider Services(OnBind bind, NpgsqlDataSource source)
    {
        DnsFollowerOptions options = new();
        bind.Follow(options);
        ServiceCollection services = new();
        services.AddFailover().AddDnsFollower().FollowNpgsqlDataSource(_ => source);
        services.AddSingleton<INameFollower>(new DnsFollower(
            () => options,
            TimeProvider.System,
            NullLogger.Instance,
            static () => 0,
            name => new NameLookup(name == "localhost" ? bind.Name : name, () => options, static (_, _) => Task.FromResult<System.Net.IPAddress[]>([]), TimeProvider.System)));
        return services.BuildServiceProvider();
    }

    private static async Task<int> PortAsync(NpgsqlDataSource source)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        return await PortAsync(connection);
    }

    private static async Task<int> PortAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new("select inet_server_port()", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
