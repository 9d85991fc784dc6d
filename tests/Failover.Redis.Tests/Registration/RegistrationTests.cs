using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moq;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Registration;

/// <summary>What an app writes, and what it is told when it is wrong.</summary>
[Collection(OnOtherSentinels.Name)]
public sealed class RegistrationTests(SharedSentinels shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("redis-server")]
    public async Task The_only_connection_is_there_with_and_without_its_name()
    {
        SentinelSet set = await shared.HealthyAsync();
        using IHost host = Host(Settings([]), failover => failover.AddRedis("cache", set.ConnectionString, redis => redis.ConfigureConnection(static options => options.ClientName = "shop")));
        await host.StartAsync().WaitAsync(Limit);

        FailoverRedis redis = host.Services.GetRequiredService<FailoverRedis>();
        IConnectionMultiplexer connection = host.Services.GetRequiredService<IConnectionMultiplexer>();

        Assert.Same(redis, host.Services.GetRequiredKeyedService<FailoverRedis>("CACHE"));
        Assert.Same(connection, host.Services.GetRequiredKeyedService<IConnectionMultiplexer>("cache"));
        Assert.Same(connection, redis.Connection);
        Assert.Same(redis.Group, host.Services.GetRequiredService<FailoverGroups>()["cache"]);
        Assert.Equal("shop", (await connection.GetDatabase().ExecuteAsync("CLIENT", "GETNAME").WaitAsync(Limit)).ToString());
        await host.StopAsync().WaitAsync(Limit);
    }

    [ServerFact("redis-server")]
    public async Task A_group_of_the_configuration_has_a_connection_by_its_name_and_the_app_may_have_one_of_its_own()
    {
        SentinelSet set = await shared.HealthyAsync();
        IConfigurationRoot settings = Settings(
        [
            ("sessions:Kind", "Redis"), ("sessions:ConnectionString", set.ConnectionString), ("sessions:Promotion", "fast"),
            ("carts:Kind", "Redis"), ("carts:ConnectionString", set.ConnectionString), ("carts:AllowedMembers", "127.0.0.0/8, *.example.com"),
        ]);
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        IConnectionMultiplexer own = new Mock<IConnectionMultiplexer>().Object;
        builder.Services.AddSingleton(own);
        builder.Services.AddFailover(settings.GetSection("Failover")).AddRedis();
        using IHost host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);

        Assert.Same(own, host.Services.GetRequiredService<IConnectionMultiplexer>());
        Assert.True(await host.Services.GetRequiredKeyedService<IConnectionMultiplexer>("sessions").GetDatabase().StringSetAsync("a", "b").WaitAsync(Limit));
        InvalidOperationException several = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<FailoverRedis>());
        Assert.Contains("(carts, sessions)", several.Message, StringComparison.Ordinal);
        await host.StopAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task A_bad_value_stops_the_start_and_is_named_without_what_may_be_secret()
    {
        using IHost host = Host(Settings([("cache:AddressMap:10.0.0.5:6379", "nowhere")]), static failover => failover.AddRedis("cache", "sentinel-a,password=sesame,bogus=sesame too", static redis => redis.Options(static options =>
        {
            options.HoldLimit = TimeSpan.FromMinutes(1);
            options.AllowedMembers = ["*.com"];
            options.CertificateAuthorityPath = "/nowhere/ca.pem";
        })));

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            [
                "Failover:Groups:cache:AddressMap:10.0.0.5:6379 (nowhere) must be a host with a port, like redis-a.example.com:6379.",
                "Failover:Groups:cache:AllowedMembers:0 (*.com) must name a domain of two labels or more: below one there are strangers.",
                "Failover:Groups:cache:CertificateAuthorityPath (/nowhere/ca.pem) must be a file with certificates in PEM form that can be read (DirectoryNotFoundException).",
                "Failover:Groups:cache:ConnectionString cannot be read: 'bogus' is no keyword of StackExchange.Redis's, or its value is not allowed.",
                "Failover:Groups:cache:HoldLimit (00:01:00) must be from 00:00:00.100 to 00:00:30.",
            ],
            refused.Failures.Order());
    }

    [Theory]
    [InlineData("", "is missing")]
    [InlineData("serviceName=mymaster", "must name the sentinels")]
    [InlineData("sentinel-a,sentinel-b", "by serviceName which master")]
    [InlineData("sentinel-a,sentinel-A:26379,serviceName=mymaster", "must not name a sentinel twice: 'sentinel-a:26379'")]
    [InlineData("sentinel-a,serviceName=mymaster,proxy=Envoyproxy", "must not set proxy")]
    [InlineData("sentinel-a,serviceName=mymaster,tunnel=http:proxy:80", "must not set tunnel")]
    [InlineData("sentinel-a,serviceName=mymaster,connectTimeout=sesame", "'connectTimeout' is no keyword")]
    [InlineData("sentinel-a,serviceName=mymaster,password=sesame,ssl=perhaps", "'ssl' is no keyword")]
    public void Without_a_container_a_bad_string_is_named_just_so(string connectionString, string words)
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new FailoverRedisBuilder("cache", connectionString).Build());

        string failure = Assert.Single(refused.Failures);
        Assert.StartsWith("Failover:Groups:cache:ConnectionString ", failure, StringComparison.Ordinal);
        Assert.Contains(words, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_servers_are_reached_does_not_change_while_the_app_runs_and_the_reload_says_so()
    {
        const string Key = "Failover:Groups:cache:AddressMap:10.0.0.5:6379";
        IConfigurationRoot settings = Settings([("cache:AddressMap:10.0.0.5:6379", "redis-a:7000"), ("cache:AddressMap:10.0.0.6:6379", "redis-b:7000")]);
        using IHost host = Host(settings, static failover => failover.AddRedis("cache", "127.0.0.1:1,serviceName=mymaster"));
        await host.StartAsync().WaitAsync(Limit);
        FailoverGroup group = host.Services.GetRequiredService<FailoverGroups>()["cache"];

        settings[Key] = "redis-c:7000";
        settings.Reload();
        Assert.Contains(
            "Failover:Groups:cache:AddressMap (10.0.0.5:6379 to redis-c:7000, 10.0.0.6:6379 to redis-b:7000) cannot change while running (it is 10.0.0.5:6379 to redis-a:7000, 10.0.0.6:6379 to redis-b:7000): restart the app.",
            group.Snapshot.ConfigurationError ?? "no error", StringComparison.Ordinal);

        settings[Key] = "redis-a:7000";
        settings.Reload();
        Assert.Null(group.Snapshot.ConfigurationError);
        await host.StopAsync().WaitAsync(Limit);
    }

    [Fact]
    public void Limits_of_the_health_check_are_checked_where_it_is_added()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(static () => new ServiceCollection().AddHealthChecks().AddRedis("cache", static check =>
        {
            check.MaximumMemoryPercent = 0;
            check.ProbeKey = " ";
            check.MaximumDownAfter = TimeSpan.Zero;
        }));

        Assert.Equal(3, refused.Failures.Count());
    }

    private static IConfigurationRoot Settings((string Key, string Value)[] groups) =>
        new ConfigurationBuilder().AddInMemoryCollection(groups.ToDictionary(static one => $"Failover:Groups:{one.Key}", static string? (one) => one.Value)).Build();

    private static IHost Host(IConfigurationRoot settings, Action<IFailoverBuilder> add)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        add(builder.Services.AddFailover(settings.GetSection("Failover")));
        return builder.Build();
    }
}
