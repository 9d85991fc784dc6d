using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Failover.DnsSwitching;
using Failover.TestServers;
using Failover.TestServers.Aws;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Failover.Aws.Tests.Docs;

/// <summary>What the page says of Route 53: its code, and its policies, which are tried on what stands in for AWS.</summary>
[Collection(nameof(OnEnvironment))]
public sealed class Route53PageTests : OnRoute53
{
    private const string Dns = "docs/dns.md";
    private const string Shop = "shop.example.com";

    [Fact]
    public async Task The_pair_of_the_page_is_made()
    {
        using AwsEnvironment environment = new();
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", AwsStandIn.Key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", AwsStandIn.Secret);
        Aws.Time = TimeProvider.System;
        StringWriter printed = new();

        Route53PairResult result = await MakePairAsync(Options, printed, CancellationToken.None);

        Assert.Equal(new(Route53PairOutcome.Done, null), result);
        Assert.Equal(["192.0.2.10", "198.51.100.10"], Zone.Values(Shop, "A"));
        Assert.Contains("\nprimary: 16 of 16 checkers get good answers, healthy", printed.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    #region docs:pair
    /// <param name="aws">new AwsOptions(), where nothing is special: credentials come from AWS's default chain.</param>
    private static async Task<Route53PairResult> MakePairAsync(AwsOptions aws, TextWriter output, CancellationToken cancellationToken)
    {
        using var pair = new Route53FailoverPair(
            new Route53FailoverPairOptions
            {
                HostedZoneId = "Z0123456789ABCDEFGHIJ",
                Name = "shop.example.com",
                Primary = { Values = ["192.0.2.10"], HealthHost = "a.shop.example.com" },
                Secondary = { Values = ["198.51.100.10"], HealthHost = "b.shop.example.com" },
            },
            aws);

        Route53PairPlan plan = await pair.PlanAsync(cancellationToken);              // reads, and changes nothing
        await output.WriteLineAsync($"{plan}");                                      // what would be done, a line each
        Route53PairResult result = await pair.ApplyAsync(plan, cancellationToken);
        await output.WriteLineAsync($"{result.Outcome} {result.Reason}");

        Route53PairStatus status = await pair.ReadStatusAsync(cancellationToken);    // what the checkers see
        foreach ((string side, Route53SideStatus? its) in new[] { ("primary", status.Primary), ("secondary", status.Secondary) })
        {
            await output.WriteLineAsync(its is null ? $"{side}: {status.Problem ?? "no health check"}" : $"{side}: {its.Succeeding} of {its.Checkers} checkers get good answers, {(its.IsHealthy ? "healthy" : "unhealthy")}");
        }

        return result;
    }
    #endregion

    [Fact]
    public async Task A_name_follows_its_group_by_the_configuration_of_the_page()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration
            .AddJsonStream(Json(Page.JsonOf(Dns, "\"Rfc2136\": {")[0].Replace("\"Rfc2136\"", "\"x\"", StringComparison.Ordinal)))
            .AddJsonStream(Json(Assert.Single(Page.JsonOf(Dns, "\"Route53\": {"))))
            .AddInMemoryCollection([.. Page.Here, new("Failover:Aws:Route53Endpoint", Aws.Address.AbsoluteUri)]);
        builder.Services.AddSingleton(Credentials);

        #region docs:moved
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddEtcd()
            .AddHttp()
            .SwitchDns("site", "shop.example.com", dns => dns
                .UseRoute53(_ => { })                                   // Failover:Route53:site, and what code sets above it
                .UseArbiter(arbiter => arbiter.UseEtcd()));
        #endregion
        using IHost app = builder.Build();

        Assert.Equal($"route53 at {Aws.Address.Authority}, zone {ZoneId}", app.Services.GetRequiredKeyedService<DnsSwitch>("site").Snapshot.Provider);
    }

    [Fact]
    public async Task The_policy_for_a_pair_is_enough_for_all_that_is_done_with_one()
    {
        Aws.Identities[AwsStandIn.Key] = new AwsIdentity(AwsStandIn.Secret, policy: Policies()[0]);
        using Route53FailoverPair pair = Pair();

        Assert.Equal(Route53PairOutcome.Done, (await pair.ApplyAsync(await pair.PlanAsync(default), default)).Outcome);
        Assert.Equal(Route53PairOutcome.Done, (await pair.MoveToSecondaryAsync(default)).Outcome);
        Assert.Equal(Route53PairOutcome.Done, (await pair.ReturnToPrimaryAsync(default)).Outcome);
        Assert.NotNull((await pair.ReadStatusAsync(default)).Primary);
        Assert.IsType<DnsOutcome.Denied>(await Provider().ProbeAsync(Www, DnsValues.Parse("192.0.2.2"), default));
    }

    [Fact]
    public async Task The_policy_for_a_name_that_is_moved_is_enough_for_it_and_for_nothing_else()
    {
        Aws.Identities[AwsStandIn.Key] = new AwsIdentity(AwsStandIn.Secret, policy: Policies()[1]);
        Zone.Put(Shop, "A", 30, "192.0.2.10");
        Route53Provider provider = Provider();
        using Route53FailoverPair pair = Pair();

        Assert.Null(await provider.ProbeAsync(Shop, AnyOf("198.51.100.10", "2001:db8::10", "b.example.com"), default));
        foreach (string[] values in (string[][])[["198.51.100.10"], ["198.51.100.10", "2001:db8::10"], ["b.example.com"], ["192.0.2.10"]])
        {
            Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(To(await StateAsync(provider, Shop), values), default));
        }

        Assert.IsType<DnsOutcome.Denied>(await provider.ProbeAsync(Www, DnsValues.Parse("198.51.100.10"), default));
        Assert.Equal(Route53PairOutcome.Denied, (await pair.ApplyAsync(await pair.PlanAsync(default), default)).Outcome);
        Assert.Empty(Aws.Route53.HealthChecks.Ids);
    }

    [Fact]
    public async Task A_group_hears_of_its_database()
    {
        IConfiguration configuration = new ConfigurationBuilder().Build();
        ServiceCollection services = new();
        services.AddSingleton<AWSCredentials>(new BasicAWSCredentials("x", "y"));
        #region docs:rds
        services.AddFailover(configuration.GetSection("Failover"))
            .AddAws(aws => aws.Region = "eu-west-1")
            .WatchRdsCluster("db", "shop");                       // the group's name, and the cluster's
        #endregion
        services.AddFailover().AddGroup("db", static (_, group) => group.UseProbe(new Up()).AddMember(new Uri("tcp://db.example.com:5432")));
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal(["db"], provider.GetRequiredService<FailoverGroups>().Names);
        Assert.Equal("shop", provider.GetRequiredService<LastGoodSection<AwsOptions>>().Current.Databases["db"].Cluster);
    }

    private Route53FailoverPair Pair() => new(
        new() { HostedZoneId = ZoneId, Name = Shop, Primary = { Values = ["192.0.2.10"], HealthHost = "a.shop.example.com" }, Secondary = { Values = ["198.51.100.10"], HealthHost = "b.shop.example.com" } },
        Options,
        Credentials,
        Time,
        new Loggers(Logs));

    /// <summary>The policies of the page, in order.</summary>
    private static string[] Policies()
    {
        string[] policies = [.. Page.JsonOf(Dns, "\"Statement\"")];
        Assert.Equal(2, policies.Length);
        Assert.All(policies, static policy => JsonDocument.Parse(policy).Dispose());
        return policies;
    }

    private static MemoryStream Json(string text) => new(Encoding.UTF8.GetBytes(text));

    private sealed class Up : IMemberProbe
    {
        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) => new(ProbeResult.Success());
    }
}
