using Amazon.Runtime;
using Failover.TestServers.Aws;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Failover.Aws.Tests.Registration;

public sealed class RegistrationTests
{
    [Fact]
    public async Task A_group_that_configuration_names_looks_at_its_members_when_RDS_tells_of_another_writer()
    {
        await using AwsStandIn aws = AwsStandIn.Start();
        aws.Rds.Clusters["shop"] = ("failing-over", null, []);
        Probe probe = new();
        using IHost host = HostOf(probe, aws, new() { ["Aws:Databases:DB:Cluster"] = "shop", ["Aws:Databases:DB:Interval"] = "00:00:01", ["Aws:Region"] = AwsStandIn.Region, ["Aws:RdsEndpoint"] = aws.Address.AbsoluteUri });
        await host.StartAsync();

        // The group asks its members once an hour by itself.
        await probe.AskedAsync(3);

        Assert.Contains("rds:DescribeDBClusters", aws.Asked);
        await host.StopAsync();
    }

    [Fact]
    public async Task Code_can_name_the_database_too()
    {
        await using AwsStandIn aws = AwsStandIn.Start();
        aws.Rds.Instances["shop"] = ("rebooting", "eu-west-1a");
        Probe probe = new();
        using IHost host = HostOf(probe, aws, [], builder => builder.AddAws(o => (o.Region, o.RdsEndpoint) = (AwsStandIn.Region, aws.Address.AbsoluteUri)).WatchRdsInstance("db", "shop"));
        await host.StartAsync();

        await probe.AskedAsync(3);

        await host.StopAsync();
    }

    [Fact]
    public async Task A_database_that_a_reload_takes_away_is_asked_for_where_it_was()
    {
        await using AwsStandIn aws = AwsStandIn.Start();
        aws.Rds.Clusters["shop"] = ("available", "shop-1", []);
        using IHost host = HostOf(new(), aws, new() { ["Aws:Databases:db:Cluster"] = "shop", ["Aws:Databases:db:Interval"] = "00:00:01", ["Aws:Region"] = AwsStandIn.Region, ["Aws:RdsEndpoint"] = aws.Address.AbsoluteUri });
        await host.StartAsync();
        await AskedAsync(aws, 1);

        IList<IConfigurationSource> sources = ((IConfigurationBuilder)host.Services.GetRequiredService<IConfiguration>()).Sources;
        sources.Clear();
        sources.Add(new MemoryConfigurationSource { InitialData = [new("Failover:Aws:Timeout", "00:00:04")] });
        AwsOptions now = host.Services.GetRequiredService<LastGoodSection<AwsOptions>>().Current;

        Assert.Equal((0, null), (now.Databases.Count, now.Region));
        await AskedAsync(aws, aws.Asked.Count + 3);
        await host.StopAsync();
    }

    public static TheoryData<string, string, string> Wrong { get; } = new()
    {
        { "Aws:Databases:db:Cluster", "a b", "Failover:Aws:Databases:db:Cluster (a b) must be an identifier of RDS: letters, digits and '-'." },
        { "Aws:Databases:db:Instance", "x", "Failover:Aws:Databases:db:Cluster must not stand beside Instance: one of the two is asked for its writer." },
        { "Aws:Databases:other:Cluster", "x", "other" },
        { "Aws:Region", "", "Failover:Aws:Region is missing: Databases are named, and it must say in which region they are, like eu-west-1." },
        { "Aws:Region", "Ireland!", "Failover:Aws:Region (Ireland!) must be the name of a region, like eu-west-1." },
        { "Aws:RdsEndpoint", "http://rds.example.com", "Failover:Aws:RdsEndpoint (http://rds.example.com) must be an address with https (http only for this machine), without a path and a query, like https://route53.amazonaws.com." },
        { "Aws:Timeout", "00:02:00", "Failover:Aws:Timeout (00:02:00) must be from 00:00:00.100 to 00:01:00." },
        { "Aws:Regoin", "x", "Regoin" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_bad_value_stops_the_start_with_its_key_and_what_is_allowed(string key, string value, string message)
    {
        await using AwsStandIn aws = AwsStandIn.Start();
        Dictionary<string, string?> settings = new() { ["Aws:Databases:db:Cluster"] = "shop", ["Aws:Region"] = AwsStandIn.Region, [key] = value };
        using IHost host = HostOf(new(), aws, settings);

        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Route53:HostedZoneId is missing: it must be the id of a hosted zone, like Z0123456789ABCDEFGHIJ.")]
    [InlineData("example.com", "Route53:HostedZoneId (example.com) must be the id of a hosted zone, like Z0123456789ABCDEFGHIJ.")]
    [InlineData("../Z1", "Route53:HostedZoneId (../Z1) must be the id of a hosted zone, like Z0123456789ABCDEFGHIJ.")]
    public void A_zone_that_is_none_is_refused(string zone, string message) =>
        Assert.Equal([message], Assert.Throws<OptionsValidationException>(() => new Route53Provider(new() { HostedZoneId = zone }, new())).Failures);

    [Fact]
    public void Everything_that_is_wrong_with_a_pair_is_told_at_once()
    {
        Route53FailoverPairOptions options = new()
        {
            HostedZoneId = "Z1",
            Name = "shop.example.com",
            RequestInterval = 20,
            FailureThreshold = 0,
            HealthPath = "health",
            Primary = { Values = ["192.0.2.1"], HealthHost = "shop.example.com" },
            Secondary = { Values = ["192.0.2.1", "b.example.com"], HealthHost = "b.example.com", HealthAddress = "10.0.0.1" },
        };

        Assert.Equal(
            [
                "Pair:FailureThreshold (0) must be from 1 to 10.",
                "Pair:HealthPath (health) must be a path of 1 to 255 characters, like /health/routing.",
                "Pair:RequestInterval (20) must be 10 or 30.",
                "Pair:Primary:HealthHost (shop.example.com) must be a name that leads to this side only, like a.shop.example.com: the checkers ask it.",
                "Pair:Secondary:Values (192.0.2.1, b.example.com) must be IPv4 addresses, or IPv6 addresses, or one name.",
                "Pair:Secondary:HealthAddress (10.0.0.1) must be an address that the internet reaches, with Secondary:HealthHost beside it.",
            ],
            Assert.Throws<OptionsValidationException>(() => new Route53FailoverPair(options, new())).Failures);
    }

    [Fact]
    public void Sides_of_two_kinds_are_refused()
    {
        Route53FailoverPairOptions options = new() { HostedZoneId = "Z1", Name = "shop.example.com", Primary = { Values = ["192.0.2.1"], HealthHost = "a.example.com" }, Secondary = { Values = ["2001:db8::1"] } };

        Assert.Contains("must be of the same kind as Primary:Values (192.0.2.1)", Assert.Single(Assert.Throws<OptionsValidationException>(() => new Route53FailoverPair(options, new())).Failures), StringComparison.Ordinal);
    }

    private static IHost HostOf(Probe probe, AwsStandIn aws, Dictionary<string, string?> settings, Action<IFailoverBuilder>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create($"Failover:{setting.Key}", setting.Value)));
        builder.Services.AddSingleton<AWSCredentials>(new BasicAWSCredentials(AwsStandIn.Key, AwsStandIn.Secret));
        IFailoverBuilder failover = builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddAws()
            .AddGroup("db", (_, group) => group.UseProbe(probe).AddMember(new Uri("tcp://db-a.example.com:5432")).Configure(static o => o.Detection.ProbeInterval = TimeSpan.FromHours(1)));
        configure?.Invoke(failover);
        return builder.Build();
    }

    private static async Task AskedAsync(AwsStandIn aws, int times)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer next = new(TimeSpan.FromMilliseconds(5));
        while (aws.Asked.Count < times)
        {
            await next.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>A member that is well, and counts how often it is asked.</summary>
    private sealed class Probe : IMemberProbe
    {
        private readonly SemaphoreSlim _asked = new(0);

        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
        {
            _asked.Release();
            return new(ProbeResult.Success());
        }

        internal async Task AskedAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                Assert.True(await _asked.WaitAsync(TimeSpan.FromSeconds(30)));
            }
        }
    }
}
