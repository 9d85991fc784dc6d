using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Failover.Etcd.Tests.Registration;

public class EtcdRegistrationTests
{
    [ServerFact("etcd", "etcdctl")]
    public async Task A_group_of_any_kind_looks_at_its_members_when_its_key_changes_and_no_other_group_does()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        CountingProbe db = new(), orders = new();
        FakeLogCollector logs = new();
        ServiceCollection services = new();
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        services.AddFailover()
            .AddEtcd(options => options.Endpoints = [$"{etcd.Address}"])
            .WatchPatroniLeader("DB", "shop", "/pg/")
            .AddGroup("db", (_, group) => Slow(group, db))
            .AddGroup("orders", (_, group) => Slow(group, orders));
        await using ServiceProvider provider = services.BuildServiceProvider();
        await StartedAsync(provider, "db");
        await StartedAsync(provider, "orders");
        await UntilAsync(() => logs.GetSnapshot().Any(static log => log.Id.Id == 7000 && log.Message.Contains("/pg/shop/leader", StringComparison.Ordinal)));

        (int ofDb, int ofOrders) = (db.Count, orders.Count);
        await etcd.ControlAsync("put", "/pg/shop/leader", "pg-b");
        await UntilAsync(() => db.Count > ofDb);

        Assert.Equal(ofOrders, orders.Count);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Configuration_alone_is_enough()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        CountingProbe db = new();
        FakeLogCollector logs = new();
        ServiceCollection services = Configured(new() { ["Failover:Etcd:Endpoints:0"] = $"{etcd.Address}", ["Failover:Etcd:Watch:db"] = "/service/shop/leader" }, db);
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        await using ServiceProvider provider = services.BuildServiceProvider();
        await StartedAsync(provider, "db");
        await UntilAsync(() => logs.GetSnapshot().Any(static log => log.Id.Id == 7000));

        int looks = db.Count;
        await etcd.ControlAsync("put", "/service/shop/leader", "pg-b");
        await UntilAsync(() => db.Count > looks);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_group_made_without_a_container_can_watch_too()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        CountingProbe db = new();
        FakeLogCollector logs = new();
        using LoggerFactory loggers = new([new FakeLoggerProvider(logs)]);
        FailoverGroupBuilder builder = new("db");
        Slow(builder, db);
        await using FailoverGroup group = builder
            .WatchPatroniLeader(new EtcdOptions { Endpoints = [$"{etcd.Address}"] }, "shop")
            .UseLoggerFactory(loggers)
            .Build();
        await group.WaitForActiveAsync(CancellationToken.None);
        await UntilAsync(() => logs.GetSnapshot().Any(static log => log.Id.Id == 7000));

        int looks = db.Count;
        await etcd.ControlAsync("put", "/service/shop/leader", "pg-b");
        await UntilAsync(() => db.Count > looks);
    }

    [Theory]
    [InlineData("Endpoints:0", "etcd-a:2379", "Failover:Etcd:Endpoints:0 (etcd-a:2379) must be an address with http or https, like https://etcd-a:2379.")]
    [InlineData("Endpoints:0", "https://root:hush@etcd-a:2379", "Failover:Etcd:Endpoints:0 must not carry user information: addresses are shown in logs; it belongs in UserName and Password.")]
    [InlineData("Endpoints:0", "https://etcd-a:2379/v3", "Failover:Etcd:Endpoints:0 (https://etcd-a:2379/v3) must be without a path, a query and a fragment.")]
    [InlineData("Endpoints", "", "Failover:Etcd:Endpoints is missing: it must list at least one address, like https://etcd-a:2379.")]
    [InlineData("Timeout", "00:00:00.01", "Failover:Etcd:Timeout (00:00:00.010) must be from 00:00:00.100 to 00:01:00.")]
    [InlineData("CheckInterval", "5", "Failover:Etcd:CheckInterval (5) must be from 00:00:00.100 to 00:10:00; a plain number counts as days: write 00:00:05 for 5 seconds.")]
    [InlineData("UserName", "app", "Failover:Etcd:Password is missing: UserName is set, and they go together.")]
    [InlineData("ClientPrivateKeyPath", "app.key", "Failover:Etcd:ClientCertificatePath is missing: ClientPrivateKeyPath is set, and they go together.")]
    [InlineData("LeasePrefix", "failover/", "Failover:Etcd:LeasePrefix (failover/) must be 2 to 200 characters, begin with a slash and not end with one, and be without control characters, like /failover/leases.")]
    [InlineData("Watch:db", "", "Failover:Etcd:Watch:db is empty: it must be the key to watch for this group, like /service/shop/leader.")]
    [InlineData("Watch:dbx", "/service/shop/leader", "Failover:Etcd:Watch:dbx uses the failover group 'dbx', which is not there. Registered are db. Did you mean db? Use one that is there, or add this one: in code, or as Failover:Groups:dbx in the configuration.")]
    [InlineData("UserNam", "app", "Failover:Etcd:UserNam is not a known key; did you mean UserName?")]
    public void What_is_wrong_with_the_settings_is_told_when_the_app_starts(string key, string value, string problem)
    {
        Dictionary<string, string?> settings = new() { ["Failover:Etcd:Watch:db"] = "/service/shop/leader" };
        if (!key.StartsWith("Endpoints", StringComparison.Ordinal))
        {
            settings["Failover:Etcd:Endpoints:0"] = "https://etcd-a:2379";
        }

        settings[$"Failover:Etcd:{key}"] = value;
        using ServiceProvider provider = Configured(settings, new CountingProbe()).BuildServiceProvider();

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<FailoverGroups>()["db"]);

        Assert.Equal([problem], refused.Failures);
    }

    [Fact]
    public void A_watch_of_a_group_that_is_not_there_is_told_when_the_app_starts()
    {
        ServiceCollection services = new();
        services.AddFailover().AddEtcd(static options => options.Endpoints = ["http://localhost:2379"]).AddEtcdWatch("dbx", "/service/shop/leader").AddGroup("db", static (_, group) => Slow(group, new CountingProbe()));
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<FailoverGroups>()["db"]);

        Assert.StartsWith("The watch on /service/shop/leader of etcd uses the failover group 'dbx', which is not there.", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_given_to_a_builder_are_checked_at_once()
    {
        EtcdOptions options = new() { UserName = "app", Timeout = TimeSpan.Zero, CheckInterval = TimeSpan.FromDays(1) };

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new FailoverGroupBuilder("db").WatchPatroniLeader(options, "shop"));

        Assert.Equal(
            [
                "Etcd:Timeout (00:00:00) must be from 00:00:00.100 to 00:01:00.",
                "Etcd:CheckInterval (1.00:00:00) must be from 00:00:00.100 to 00:10:00.",
                "Etcd:Password is missing: UserName is set, and they go together.",
                "Etcd:Endpoints is missing: it must list at least one address, like https://etcd-a:2379.",
            ],
            refused.Failures);
    }

    private static ServiceCollection Configured(Dictionary<string, string?> settings, CountingProbe db)
    {
        ServiceCollection services = new();
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        services.AddFailover(configuration.GetSection("Failover")).AddEtcd().AddGroup("db", (_, group) => Slow(group, db));
        return services;
    }

    /// <summary>A group that looks at its start, and then only when it is told to.</summary>
    private static void Slow(FailoverGroupBuilder group, CountingProbe probe) => group
        .AddMember(new Uri("tcp://localhost:1"))
        .UseProbe(probe)
        .Configure(static options => options.Detection.ProbeInterval = TimeSpan.FromHours(1));

    private static async Task StartedAsync(ServiceProvider provider, string group) =>
        await provider.GetRequiredService<FailoverGroups>()[group].WaitForActiveAsync(CancellationToken.None);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    private sealed class CountingProbe : IMemberProbe
    {
        private int _count;

        internal int Count => Volatile.Read(ref _count);

        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return new(ProbeResult.Success());
        }
    }
}
