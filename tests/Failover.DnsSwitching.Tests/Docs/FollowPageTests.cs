using Failover.DnsSwitching.Tests.Following;
using Failover.Redis;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StackExchange.Redis;

namespace Failover.DnsSwitching.Tests.Docs;

/// <summary>What docs/dns.md shows of clients that follow.</summary>
public sealed class FollowPageTests
{
    [Fact]
    public async Task What_the_page_shows_can_be_registered_and_resolved()
    {
        ServiceCollection services = new();
        Add(services);
        services.AddSingleton<INameFollower>(new FixedFollower());
        services.AddSingleton(NpgsqlDataSource.Create("Host=db.example.com;Username=app;Database=shop"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredService<IHttpClientFactory>().CreateClient("shop"));
        Assert.Equal(["db.example.com"], Assert.Single(provider.GetServices<INamePoolMover>()).Names);
        Assert.Equal(["192.0.2.53", "198.51.100.53"], provider.GetRequiredService<LastGoodSection<DnsFollowerOptions>>().Current.NameServers);
        Assert.NotNull(provider.GetRequiredService<ConfigurationOptions>().Tunnel);
    }

    private static void Add(IServiceCollection services)
    {
        #region docs:follow
        services.AddFailover()
            .AddDnsFollower(dns =>
            {
                dns.NameServers.Add("192.0.2.53");          // optional: those that hold the zone know before any cache
                dns.NameServers.Add("198.51.100.53");
            })
            .FollowNpgsqlDataSource();                      // the app's NpgsqlDataSource

        services.AddHttpClient("shop", client => client.BaseAddress = new("https://shop.example.com")).FollowDns();

        services.AddSingleton(provider => ConfigurationOptions.Parse("cache.example.com").FollowDns(provider));
        services.AddSingleton<IConnectionMultiplexer>(provider => ConnectionMultiplexer.Connect(provider.GetRequiredService<ConfigurationOptions>()));
        #endregion
    }
}
