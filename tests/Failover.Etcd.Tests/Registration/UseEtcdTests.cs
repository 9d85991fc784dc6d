using Failover.Etcd.Tests.Arbitration;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.Etcd.Tests.Registration;

public sealed class UseEtcdTests
{
    [ServerFact("etcd", "etcdctl")]
    public async Task A_gate_opens_for_one_app_and_for_the_other_when_the_first_is_stopped()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        ServiceProvider first = App($"{etcd.Address}");
        await using ServiceProvider second = App($"{etcd.Address}");
        IPrimaryGate here = first.GetRequiredKeyedService<IPrimaryGate>("nightly"), there = second.GetRequiredKeyedService<IPrimaryGate>("nightly");
        using CancellationTokenSource limit = new(2 * EtcdLeases.Limit);

        PrimaryScope scope = await here.WaitForPrimaryAsync(limit.Token);
        Task<PrimaryScope> waiting = there.WaitForPrimaryAsync(limit.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        long? token = scope.Token;
        await scope.DisposeAsync();
        await using PrimaryScope next = await waiting;
        await first.DisposeAsync();

        Assert.True(next.Token > token);
        Assert.True(next.IsPrimary);
    }

    [Fact]
    public void Etcd_that_is_not_registered_or_not_named_is_told_with_what_to_do()
    {
        ServiceCollection without = new();
        without.AddFailover().AddPrimaryGate("nightly", static arbiter => arbiter.UseEtcd());
        ServiceCollection nowhere = new();
        nowhere.AddFailover().AddEtcd().AddPrimaryGate("nightly", static arbiter => arbiter.UseEtcd());

        Assert.Equal("The lease of nightly is to be kept in etcd, which is not registered: call AddEtcd().", Refused(without));
        Assert.Equal("Failover:Etcd:Endpoints is missing: it must list at least one address, like https://etcd-a:2379; the lease of nightly is to be kept there.", Refused(nowhere));

        static string Refused(ServiceCollection services)
        {
            using ServiceProvider provider = services.BuildServiceProvider();
            return Assert.Single(Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<IPrimaryGate>("nightly")).Failures);
        }
    }

    [Fact]
    public void A_store_that_is_made_by_hand_checks_its_settings_at_once()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(static () => new EtcdLeaseStore(new EtcdOptions { LeasePrefix = "/" }));

        Assert.Equal(
            [
                "Etcd:LeasePrefix (/) must be 2 to 200 characters, begin with a slash and not end with one, and be without control characters, like /failover/leases.",
                "Etcd:Endpoints is missing: it must list at least one address, like https://etcd-a:2379.",
            ],
            refused.Failures);
    }

    [Fact]
    public void The_prefix_of_leases_does_not_change_while_the_app_runs()
    {
        ServiceCollection services = new();
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Failover:Etcd:Endpoints:0"] = "http://localhost:2379" }).Build();
        services.AddFailover(configuration.GetSection("Failover")).AddEtcd();
        using ServiceProvider provider = services.BuildServiceProvider();
        LastGoodSection<EtcdOptions> etcd = provider.GetRequiredService<LastGoodSection<EtcdOptions>>();
        Assert.Equal("/failover/leases", etcd.Current.LeasePrefix);

        configuration["Failover:Etcd:LeasePrefix"] = "/other";
        configuration.Reload();

        Assert.Equal("/failover/leases", etcd.Current.LeasePrefix);
        Assert.Contains("LeasePrefix", etcd.Problem, StringComparison.Ordinal);
    }

    private static ServiceProvider App(string endpoint)
    {
        ServiceCollection services = new();
        services.AddFailover()
            .AddEtcd(etcd => etcd.Endpoints = [endpoint])
            .AddPrimaryGate("nightly", static arbiter => arbiter.UseEtcd().Configure(static lease => lease.Duration = TimeSpan.FromSeconds(5)));
        return services.BuildServiceProvider();
    }
}
