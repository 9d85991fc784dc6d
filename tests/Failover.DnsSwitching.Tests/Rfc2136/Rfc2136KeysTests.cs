using Failover.DnsSwitching.Rfc2136;

namespace Failover.DnsSwitching.Tests.Rfc2136;

public sealed class Rfc2136KeysTests
{
    [Fact]
    public void Settings_that_are_whole_are_taken() => Assert.Empty(Problems(static _ => { }));

    [Theory]
    [InlineData("192.0.2.53")]
    [InlineData("2001:db8::53")]
    [InlineData("ns1.example.net")]
    public void A_server_is_a_name_or_an_address(string server) => Assert.Empty(Problems(o => o.Server = server));

    [Theory]
    [InlineData("")]
    [InlineData("ns1:53")]
    [InlineData("https://ns1.example.net")]
    public void Anything_else_is_no_server(string server) =>
        Assert.Equal([$"Failover:Dns:Server ({server}) must be the name or the address of the primary name server, without its port."], Problems(o => o.Server = server));

    [Fact]
    public void Every_problem_is_told_at_once_with_its_key()
    {
        string[] problems = Problems(static o =>
        {
            (o.Port, o.Zone, o.KeyName, o.Secret) = (0, "no zone", "", "");
            o.Timeout = TimeSpan.FromHours(1);
        });

        Assert.Equal(
            [
                "Failover:Dns:Port (0) must be from 1 to 65535.",
                "Failover:Dns:Timeout (01:00:00) must be from 00:00:01 to 00:01:00.",
                "Failover:Dns:Zone (no zone) must be the name of the zone, like example.com.",
                "Failover:Dns:KeyName must be the name of the key, as the server knows it.",
                "Failover:Dns:Secret must be the secret of the key in base64, of 16 bytes or more; it is not set.",
            ],
            problems);
    }

    [Theory]
    [InlineData("not base64, and still a secret", "it is no base64.")]
    [InlineData("c2hvcnQ=", "it is shorter.")]
    public void A_secret_that_is_none_is_not_shown(string secret, string why)
    {
        string problem = Assert.Single(Problems(o => o.Secret = secret));

        Assert.DoesNotContain(secret, problem, StringComparison.Ordinal);
        Assert.EndsWith(why, problem, StringComparison.Ordinal);
    }

    private static string[] Problems(Action<Rfc2136Options> change)
    {
        Rfc2136Options options = new() { Server = "ns1.example.net", Zone = "example.com", KeyName = "failover", Secret = Convert.ToBase64String(new byte[32]) };
        change(options);
        OptionsCheck check = new("Failover:Dns");
        Rfc2136Keys.Table.Check(options, check);
        return [.. check.Problems];
    }
}
