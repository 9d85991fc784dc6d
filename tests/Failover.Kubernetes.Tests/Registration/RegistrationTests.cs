using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.Kubernetes.Tests.Registration;

public sealed class RegistrationTests
{
    [Theory]
    [InlineData("Namespace", "Shop")]
    [InlineData("Namespace", "shop.eu")]
    [InlineData("Namespace", "-shop")]
    [InlineData("NamePrefix", "Shop-")]
    [InlineData("NamePrefix", "-shop")]
    [InlineData("NamePrefix", "shop..eu")]
    [InlineData("NamePrefixx", "shop")]
    public void A_bad_setting_is_refused_at_start_with_its_key(string key, string value)
    {
        ServiceCollection services = new();
        services.AddFailover(new ConfigurationBuilder().AddInMemoryCollection([new($"Failover:Kubernetes:{key}", value)]).Build().GetSection("Failover")).AddKubernetes();
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<LastGoodSection<KubernetesLeaseOptions>>().Current);

        Assert.Contains($"Failover:Kubernetes:{key}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_stands_over_configuration()
    {
        ServiceCollection services = new();
        services.AddFailover(new ConfigurationBuilder().AddInMemoryCollection([new("Failover:Kubernetes:Namespace", "a"), new("Failover:Kubernetes:NamePrefix", "shop.")]).Build().GetSection("Failover"))
            .AddKubernetes()
            .AddKubernetes(static kubernetes => kubernetes.Namespace = "b");
        using ServiceProvider provider = services.BuildServiceProvider();

        KubernetesLeaseOptions options = provider.GetRequiredService<LastGoodSection<KubernetesLeaseOptions>>().Current;

        Assert.Equal(("b", "shop."), (options.Namespace, options.NamePrefix));
    }

    [Fact]
    public void A_gate_in_a_cluster_that_is_not_registered_says_what_to_call()
    {
        ServiceCollection services = new();
        services.AddFailover().AddPrimaryGate("nightly", static gate => gate.UseKubernetes());
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<IPrimaryGate>("nightly"));

        Assert.Contains("call AddKubernetes()", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_given_in_code_are_checked_all_at_once()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new KubernetesLeaseStore(new() { Namespace = "A", NamePrefix = new('x', 101) }, new() { Host = "http://127.0.0.1:1" }));

        Assert.Equal(2, refused.Failures.Count());
    }
}
