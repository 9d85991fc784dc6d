using System.Net;
using Failover;
using Failover.HealthChecks;
using Failover.Polly;
using Failover.PostgreSql;
using Failover.Redis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
#if !AHEAD_OF_TIME
using Failover.Kubernetes;
using k8s;
using Microsoft.EntityFrameworkCore;
#endif
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polly;
using StackExchange.Redis;

var builder = Host.CreateApplicationBuilder(args);
builder.Configuration.AddInMemoryCollection([new("Failover:Groups:orders:Detection:Fall", "2"), new("Failover:Groups:orders:Switchback:Mode", "manual"), new("Failover:Health:Checks:db:Criticality", "Degrading")]);
builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
    .AddGroup("orders", (services, group) => group.UseProbe(new Up()).AddMember("a", new Uri("tcp://a.example.com:1")).AddMember("b", new Uri("tcp://b.example.com:1")))
    .AddEtcd(etcd => etcd.Endpoints = ["http://127.0.0.1:1"])
    .AddEtcdWatch("orders", "/orders/leader")
    .AddHealth();
builder.Services.AddHealthChecks().AddCheck("db", () => HealthCheckResult.Healthy());
using var host = builder.Build();
await host.StartAsync();

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var active = await host.Services.GetRequiredKeyedService<FailoverGroup>("orders").WaitForActiveAsync(limit.Token);
var options = host.Services.GetRequiredService<LastGoodOptions<GroupOptions>>().Get("orders");
Console.WriteLine($"Works: {active} is active; Fall is {options.Detection.Fall}, switchback is {options.Switchback.Mode}");

// A pipeline, with options that are checked by reflection.
var pipeline = new ResiliencePipelineBuilder<string>()
    .AddFailover(new FailoverStrategyOptions<string> { Group = host.Services.GetRequiredKeyedService<FailoverGroup>("orders"), MayReplay = _ => PredicateResult.True() })
    .Build();
var context = ResilienceContextPool.Shared.Get();
var called = await pipeline.ExecuteAsync(
    static c => c.GetFailoverMember() is { Name: "b" } member ? new ValueTask<string>(member.Name) : throw new IOException("down"), context);
Console.WriteLine($"The pipeline went on to {called}.");

// The health of the node, and the same for who knows only .NET's own service.
var health = host.Services.GetRequiredService<NodeHealth>();
while (!health.Verdicts.Operational)
{
    await Task.Delay(10, limit.Token);
}

var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
var isWell = report.Status == HealthStatus.Healthy && health.Snapshot.Checks.Single() is { Name: "db", Criticality: Criticality.Degrading };
Console.WriteLine($"The node is operational: {health.Snapshot.Checks.Single().StatusName}.");
await host.StopAsync();

// A node that answers for its health, with details and without.
var web = WebApplication.CreateSlimBuilder(args);
web.WebHost.UseUrls("http://127.0.0.1:0");
web.Configuration["Failover:Draining:Hold"] = "00:00:00";
web.Configuration["Logging:LogLevel:Default"] = "Warning";
web.Services.AddFailover(web.Configuration.GetSection("Failover")).AddHealthEndpoints().AddHaproxyAgent(0).AddPeers(peers => (peers.Node, peers.Key, peers.Interval) = ("consumer", "sixteen bytes, or more", TimeSpan.FromMilliseconds(100)));
web.Services.AddHealthChecks().AddCheck("up", () => HealthCheckResult.Healthy(data: new Dictionary<string, object> { ["rows"] = 3, ["day"] = DayOfWeek.Friday }));
await using var app = web.Build();
app.MapFailoverHealth("/health");
app.MapFailoverPeer("/health/peer");
await app.StartAsync();
var node = new Uri(app.Urls.Single());
app.MapFailoverHealth("/details", o => o.ManagementPort = node.Port);
using var client = new HttpClient { BaseAddress = node };
while ((await client.GetAsync(new Uri("/health", UriKind.Relative), limit.Token)).StatusCode != HttpStatusCode.OK)
{
    await Task.Delay(10, limit.Token);
}

var details = await client.GetStringAsync(new Uri("/details", UriKind.Relative), limit.Token);
Console.WriteLine($"The node says {await client.GetStringAsync(new Uri("/health", UriKind.Relative), limit.Token)}, and to its operators {details}");

// Asked as a peer, by an address that comes while it runs: it answers, and knows itself.
app.Configuration["Failover:Peers:Addresses:0"] = new Uri(node, "/health/peer").AbsoluteUri;
((IConfigurationRoot)app.Configuration).Reload();
var peers = app.Services.GetRequiredService<NodePeers>();
while (peers.Snapshot is not [{ Outcome: not null }])
{
    await Task.Delay(10, limit.Token);
}

var peer = peers.Snapshot[0].Outcome!;
Console.WriteLine($"Its peer: {peer}.");
await app.StopAsync();

// A data source, without a server: who fails fast is told at once what is known of every node.
var databases = new ServiceCollection();
databases.AddFailover().AddPostgreSql("db", "Host=127.0.0.1:1,127.0.0.1:2;Username=app;Database=shop", pg => pg.Options(o => o.FailFast = true));
await using var withDatabase = databases.BuildServiceProvider();
var dataSource = withDatabase.GetRequiredService<FailoverDataSource>();
var refused = "";
while (!refused.Contains("127.0.0.1:2: unhealthy (connection refused)", StringComparison.Ordinal))
{
    limit.Token.ThrowIfCancellationRequested();
    try
    {
        await using var connection = await dataSource.OpenConnectionAsync(limit.Token);
        return 1;
    }
    catch (PrimaryUnavailableException exception)
    {
        refused = exception.Message;
        await Task.Delay(10, limit.Token);
    }
}

Console.WriteLine(refused);
#if !AHEAD_OF_TIME
// A context over it.
await using var shop = new DbContext(new DbContextOptionsBuilder().UseFailover(dataSource).Options);
Console.WriteLine($"A context would follow {shop.Database.GetConnectionString()}.");
#endif

#if !AHEAD_OF_TIME
// An arbiter, without a cluster: nothing is granted, and it says why.
using var leases = new KubernetesLeaseStore(new KubernetesLeaseOptions { Namespace = "shop" }, new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" });
try
{
    await new LeaseArbiter(leases, new LeaseOptions()).TryAcquireAsync("nightly", limit.Token);
    return 1;
}
catch (LeaseStoreException exception) when (exception.Message.Contains("ConnectionRefused", StringComparison.Ordinal))
{
    Console.WriteLine(exception.Message);
}
#endif

// A pair at Route 53, without one: the plan says that it could not be reached. AWS's credentials come from code here.
using var pair = new Failover.Aws.Route53FailoverPair(
    new() { HostedZoneId = "Z0123456789", Name = "shop.example.com", Primary = { Values = ["192.0.2.10"], HealthHost = "a.example.com" }, Secondary = { Values = ["192.0.2.20"] } },
    new() { Route53Endpoint = "http://127.0.0.1:1" },
    new Amazon.Runtime.BasicAWSCredentials("key", "a secret"),
    TimeProvider.System,
    Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
var unplanned = (await pair.PlanAsync(limit.Token)).Problem ?? "";
Console.WriteLine(unplanned);

// A virtual address, without a keepalived: this node is ready for it, and it says that nobody counts that.
var folder = Directory.CreateTempSubdirectory("failover-consumer-");
var virtualBuilder = Host.CreateApplicationBuilder(args);
virtualBuilder.Services.AddFailover()
    .AddPeers(peers => (peers.Node, peers.Key) = ("node-a", "a secret of some length"))
    .AddKeepalived("site", site =>
    {
        (site.Node, site.Peer, site.Address) = ("node-a", "node-b", "10.77.0.100");
        (site.CreditFile, site.Fifo, site.AckTimeout) = (Path.Combine(folder.FullName, "credit"), Path.Combine(folder.FullName, "fifo"), TimeSpan.FromMilliseconds(100));
    });
using (var virtualHost = virtualBuilder.Build())
{
    await virtualHost.StartAsync();
    var site = virtualHost.Services.GetRequiredKeyedService<Failover.Keepalived.KeepalivedSite>("site");
    while (site.Snapshot is not { Credit: Failover.Keepalived.Credit.Ready, IsAcknowledged: false, Problem: not null })
    {
        await Task.Delay(10, limit.Token);
    }

    Console.WriteLine(site.Snapshot.Problem.Replace(folder.FullName, "…", StringComparison.Ordinal));
    await virtualHost.StopAsync();
}

folder.Delete(recursive: true);

// A name at a server that is not there: it is said what is wrong, and nothing else happens. The client follows a name that nobody knows.
var namedBuilder = Host.CreateApplicationBuilder(args);
namedBuilder.Services.AddFailover()
    .AddHttpGroup("shop", group => group.Primary("http://127.0.0.1:1").Secondary("http://127.0.0.2:1").SwitchDns("shop.example.test", static dns => dns.UseRfc2136(static server =>
    {
        (server.Server, server.Port, server.Zone, server.KeyName) = ("127.0.0.1", 1, "example.test", "failover");
        server.Secret = Convert.ToBase64String(new byte[32]);
    })))
    .AddDnsFollower(static follower => follower.NameServers.Add("127.0.0.1:1"));
namedBuilder.Services.AddHttpClient("shop").FollowDns();
using (var namedHost = namedBuilder.Build())
{
    await namedHost.StartAsync();
    var named = namedHost.Services.GetRequiredKeyedService<Failover.DnsSwitching.DnsSwitch>("shop");
    while (named.Snapshot is not { Problem: not null, ReadProblem: not null })
    {
        await Task.Delay(10, limit.Token);
    }

    Console.WriteLine(named.Snapshot.Problem);
    try
    {
        await namedHost.Services.GetRequiredService<IHttpClientFactory>().CreateClient("shop").GetStringAsync(new Uri("http://shop.invalid:1/"), limit.Token);
        return 1;
    }
    catch (HttpRequestException)
    {
    }

    await namedHost.StopAsync();
}

// A multiplexer, without a server: it is there, and who works over it is told what is known of the sentinels.
await using var cache = new FailoverRedisBuilder("cache", "127.0.0.1:1,127.0.0.1:2,serviceName=mymaster,connectTimeout=200") { Options = { MaxWait = TimeSpan.FromMilliseconds(200) } }
    .Configure(o => (o.StartTimeout, o.MaxSwitchTime) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
    .Build();
var multiplexer = await cache.ConnectAsync(limit.Token);
while (cache.Group.Snapshot.Condition != GroupCondition.Unavailable)
{
    await Task.Delay(10, limit.Token);
}

try
{
    await multiplexer.GetDatabase().PingAsync();
    return 1;
}
catch (RedisConnectionException exception) when (RedisOutcome.OfAsynchronous(exception) == RedisExecution.NotExecuted)
{
}

try
{
    await cache.ExecuteAsync(static (database, _) => database.PingAsync(), limit.Token);
    return 1;
}
catch (MasterUnavailableException exception)
{
    Console.WriteLine(exception.Message);
}

// A bad value is refused here as well, with all its words: no reflection is involved.
var services = new ServiceCollection();
services.AddFailover(new ConfigurationBuilder().AddInMemoryCollection([new("Failover:Groups:x:Kind", "Http")]).Build().GetSection("Failover"));
await using var provider = services.BuildServiceProvider();
try
{
    _ = provider.GetRequiredService<FailoverGroups>().Count == 1 && provider.GetRequiredService<FailoverGroups>().TryGet("x", out _);
    return 1;
}
catch (OptionsValidationException exception)
{
    Console.WriteLine(exception.Message);
}

return active.Name == "a" && isWell && peer.StartsWith("it is called consumer", StringComparison.Ordinal) && called == "b" && unplanned.Contains("ConnectionRefused", StringComparison.Ordinal) && details.Contains("\"up:rows\":[{\"observedValue\":3", StringComparison.Ordinal) && details.Contains("Friday", StringComparison.Ordinal) && options.Detection.Fall == 2 && options.Switchback.Mode == SwitchbackMode.Manual ? 0 : 1;

internal sealed class Up : IMemberProbe
{
    public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) => new(ProbeResult.Success());
}
