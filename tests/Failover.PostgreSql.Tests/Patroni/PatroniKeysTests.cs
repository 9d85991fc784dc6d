using Failover.PostgreSql.Patroni;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.PostgreSql.Tests.Patroni;

public class PatroniKeysTests
{
    [Fact]
    public void Each_key_is_bound()
    {
        PatroniOptions options = Bind(
            ("Enabled", "true"), ("Endpoints:0", "http://pg-a:8008"), ("Endpoints:1", "https://pg-b:8008"), ("Interval", "00:00:05"), ("Timeout", "00:00:03"), ("DiscoverMembers", "true"),
            ("AllowedMembers", "*.db.example.com, 10.1.2.0/24:5432"), ("CertificateAuthorityPath", "ca.pem"));

        Assert.True(options.Enabled && options.DiscoverMembers);
        Assert.Equal(["http://pg-a:8008", "https://pg-b:8008"], options.Endpoints);
        Assert.Equal((5, 3), (options.Interval.TotalSeconds, options.Timeout.TotalSeconds));
        Assert.Equal(["*.db.example.com", "10.1.2.0/24:5432"], options.AllowedMembers);
        Assert.Equal("ca.pem", options.CertificateAuthorityPath);
    }

    [Theory]
    [InlineData("Endpoints:0", "pg-a:8008", "Failover:Test:Patroni:Endpoints:0 (pg-a:8008) must be an address with http or https, like http://pg-a:8008.")]
    [InlineData("Endpoints:0", "http://a:b@pg-a:8008", "Failover:Test:Patroni:Endpoints:0 must not carry user information: Patroni asks nobody who he is for what is read here.")]
    [InlineData("Endpoints:0", "http://pg-a:8008/cluster", "Failover:Test:Patroni:Endpoints:0 (http://pg-a:8008/cluster) must be without a path, a query and a fragment.")]
    [InlineData("Interval", "00:00:00.1", "Failover:Test:Patroni:Interval (00:00:00.100) must be from 00:00:00.200 to 01:00:00.")]
    [InlineData("AllowedMembers:0", "*", "Failover:Test:Patroni:AllowedMembers:0 (*) must be a host, *.domain or a subnet like 10.1.2.0/24, each with or without :port.")]
    [InlineData("AllowedMembers:0", "*.com", "Failover:Test:Patroni:AllowedMembers:0 (*.com) must name a domain of two labels or more: below one there are strangers.")]
    [InlineData("AllowedMembers:0", "0.0.0.0/0", "Failover:Test:Patroni:AllowedMembers:0 (0.0.0.0/0) must be a subnet of 8 bits or more: a greater one holds strangers.")]
    public void What_is_not_allowed_is_told_with_key_and_value(string key, string value, string problem)
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Bind((key, value)));

        Assert.Equal([problem], refused.Failures);
    }

    private static PatroniOptions Bind(params (string Key, string Value)[] settings)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static one => KeyValuePair.Create<string, string?>($"Failover:Test:Patroni:{one.Key}", one.Value))).Build();
        ServiceCollection services = new();
        services.AddFailover(configuration.GetSection("Failover")).AddSection("Test", new OptionsKeys<Holder>().AddPatroni(static holder => holder.Patroni));
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<LastGoodSection<Holder>>().Current.Patroni;
    }

    private sealed class Holder
    {
        public PatroniOptions Patroni { get; } = new();
    }
}
