using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.Etcd.Tests.Docs;

/// <summary>What docs/etcd.md shows.</summary>
public class EtcdPageTests
{
    [Fact]
    public void The_registration_of_the_page_is_valid()
    {
        ServiceCollection services = new();
        IFailoverBuilder failover = services.AddFailover();

        #region docs:watch
        failover
            .AddEtcd(etcd => etcd.Endpoints = ["https://etcd-a:2379", "https://etcd-b:2379", "https://etcd-c:2379"])
            .WatchPatroniLeader("db", scope: "shop");        // the group «db», of whatever kind
        #endregion

        failover.AddGroup("db", static (_, group) => group.AddMember(new Uri("tcp://localhost:1")).UseProbe(new Never()));
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal("db", provider.GetRequiredService<FailoverGroups>()["db"].Name);
        Assert.Equal("/service/shop/leader", provider.GetRequiredService<IOptions<EtcdOptions>>().Value.Watch["db"]);
    }

    [Fact]
    public void The_gate_of_the_page_is_valid_and_so_is_its_arbiter_without_a_container()
    {
        ServiceCollection services = new();
        IFailoverBuilder failover = services.AddFailover();

        #region docs:leases
        failover
            .AddEtcd(etcd => etcd.Endpoints = ["https://etcd-a:2379", "https://etcd-b:2379", "https://etcd-c:2379"])
            .AddPrimaryGate("nightly", arbiter => arbiter.UseEtcd());
        #endregion

        #region docs:store
        using var store = new EtcdLeaseStore(new EtcdOptions { Endpoints = ["https://etcd-a:2379"] });
        var arbiter = new LeaseArbiter(store, new LeaseOptions());
        #endregion

        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal("nightly", provider.GetRequiredKeyedService<IPrimaryGate>("nightly").Name);
        Assert.NotNull(arbiter);
    }

    [Fact]
    public async Task The_group_of_the_page_that_is_made_without_a_container_is_valid()
    {
        FailoverGroupBuilder group = new FailoverGroupBuilder("db").AddMember(new Uri("tcp://localhost:1")).UseProbe(new Never());

        #region docs:group
        group.WatchPatroniLeader(new EtcdOptions { Endpoints = ["https://etcd-a:2379"] }, scope: "shop");
        #endregion

        await using FailoverGroup made = group.Build();
        Assert.Equal("db", made.Name);
    }

    private sealed class Never : IMemberProbe
    {
        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) => new(ProbeResult.Failure("not asked"));
    }
}
