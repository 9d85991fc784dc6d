using Failover.HealthChecks.Peers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Peers;

public class PeerOptionsTests
{
    private const string Secret = "hush hush hush hush";

    [Theory]
    [InlineData("https://node-b.example.com/health/peer")]
    [InlineData("https://203.0.113.5:8443/health/peer")]
    [InlineData("http://10.0.0.4:8080/health/peer")]
    [InlineData("http://172.16.0.4/health/peer")]
    [InlineData("http://172.31.255.4/health/peer")]
    [InlineData("http://192.168.1.4/health/peer")]
    [InlineData("http://100.64.0.1/health/peer")]
    [InlineData("http://127.0.0.1:5000/health/peer")]
    [InlineData("http://[::1]:5000/health/peer")]
    [InlineData("http://[fd00::4]/health/peer")]
    [InlineData("http://[fe80::4]/health/peer")]
    [InlineData("http://[::ffff:10.0.0.4]/health/peer")]
    [InlineData("http://node-b:8080/health/peer")]
    [InlineData("http://shop-1.shop.default.svc.cluster.local/health/peer")]
    [InlineData("http://node-b.internal/health/peer")]
    public void These_addresses_are_allowed(string address) => Assert.Null(PeerOptionsKeys.Problem(address));

    [Theory]
    [InlineData("http://node-b.example.com/health/peer", "must not be asked in clear")]
    [InlineData("http://203.0.113.5/health/peer", "must not be asked in clear")]
    [InlineData("http://172.32.0.1/health/peer", "must not be asked in clear")]
    [InlineData("http://100.128.0.1/health/peer", "must not be asked in clear")]
    [InlineData("http://[2001:db8::1]/health/peer", "must not be asked in clear")]
    [InlineData("http://10.0.0.4.example.com/health/peer", "must not be asked in clear")]
    [InlineData("http://node-b.notinternal/health/peer", "must not be asked in clear")]
    [InlineData("node-b", "must be absolute")]
    [InlineData("/health/peer", "must be absolute")]
    [InlineData("ftp://node-b/health/peer", "must be absolute")]
    [InlineData("https://me:hush@node-b/health/peer", "must not carry")]
    [InlineData("https://node-b/health/peer?token=1", "must not carry")]
    [InlineData("https://node-b/health/peer#1", "must not carry")]
    [InlineData("https://node-b/health peer", "must have a path")]
    [InlineData("https://node-b/h%C3%A9alth", "must have a path")]
    public void These_are_not(string address, string problem) => Assert.StartsWith(problem, PeerOptionsKeys.Problem(address), StringComparison.Ordinal);

    [Fact]
    public void What_is_wrong_is_told_at_the_start_all_at_once_and_without_a_secret()
    {
        OptionsValidationException refused = Refused(
            ("Node", "a b"), ("Key", "hush"), ("Addresses:0", "http://node-b.example.com/peer"), ("Addresses:1", "https://me:hush@node-b/peer"), ("Interval", "5"), ("Kee", Secret), ("Window", "01:00:00"));

        Assert.Contains("Failover:Peers:Node (a b) must be a name of up to 128 letters, digits, '.', '_' and '-'.", refused.Failures);
        Assert.Contains("Failover:Peers:Key (***) must be at least 16 bytes, in UTF-8.", refused.Failures);
        Assert.Contains("Failover:Peers:Addresses:1 (***) must not carry user information, a query or a fragment.", refused.Failures);
        Assert.Contains("Failover:Peers:Kee is not a known key; did you mean Key?", refused.Failures);
        Assert.Equal(7, refused.Failures.Count());
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_the_app_does_not_start() =>
        Assert.Equal(["Failover:Peers:Key is missing: a secret of at least 16 bytes that all nodes share."], Refused(("Addresses:0", "https://node-b/peer")).Failures);

    [Fact]
    public void Sixteen_bytes_need_not_be_sixteen_letters()
    {
        Assert.Single(Refused(("Key", "fifteen bytes..")).Failures);
        Assert.Equal("ééééöööö", Read(("Key", "ééééöööö")).Key);
    }

    [Fact]
    public void Every_key_stands_on_the_page()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "health-endpoints.md"));
        PeerOptions defaults = new();

        Assert.All(PeerOptionsKeys.Table.Keys, key => Assert.Contains(
            key.Read(defaults) is TimeSpan time ? $"| `Peers:{key.Key}` | {time:c} | {key.Allowed}" : $"| `Peers:{key.Key}` | ", page, StringComparison.Ordinal));
    }

    private static OptionsValidationException Refused(params (string Key, string Value)[] settings) => Assert.Throws<OptionsValidationException>(() => Read(settings));

    private static PeerOptions Read(params (string Key, string Value)[] settings)
    {
        ServiceCollection services = [];
        services.AddLogging();
        services.AddFailover(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => new KeyValuePair<string, string?>($"Failover:Peers:{one.Key}", one.Value))).Build().GetSection("Failover")).AddPeers();
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<LastGoodSection<PeerOptions>>().Current;
    }
}
