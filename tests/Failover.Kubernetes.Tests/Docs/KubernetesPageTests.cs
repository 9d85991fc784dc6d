using k8s;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Kubernetes.Tests.Docs;

/// <summary>What docs/kubernetes.md and the README of the package show.</summary>
public sealed class KubernetesPageTests : OnApiServer
{
    [Fact]
    public async Task The_gate_of_the_page_opens_for_who_holds_the_lease()
    {
        GivenBack();
        ServiceCollection services = new();
        services.AddSingleton(Server.Client(ApiServer.FakeApiServer.Pod));
        IConfigurationSection section = new ConfigurationBuilder().Build().GetSection("Failover");

        #region docs:register
        services.AddFailover(section)
            .AddKubernetes()
            .AddPrimaryGate("nightly", gate => gate.UseKubernetes());
        #endregion

        await using ServiceProvider provider = services.BuildServiceProvider();
        await using PrimaryScope scope = await provider.GetRequiredKeyedService<IPrimaryGate>("nightly").WaitForPrimaryAsync(default).AsTask().WaitAsync(Limit);

        Assert.Equal(4, scope.Token);
        Assert.StartsWith(Environment.MachineName, (string?)Spec("holderIdentity"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_arbiter_of_the_page_works_without_a_container()
    {
        GivenBack();
        KubernetesClientConfiguration configuration = Server.Client(ApiServer.FakeApiServer.Pod);

        #region docs:arbiter
        using KubernetesLeaseStore store = new(new KubernetesLeaseOptions { Namespace = "shop" }, configuration);
        LeaseArbiter arbiter = new(store, new LeaseOptions { Duration = TimeSpan.FromSeconds(15) });
        await using ILease? lease = await arbiter.TryAcquireAsync("nightly", CancellationToken.None);
        #endregion

        Assert.Equal(4, lease?.Token);
    }
}
