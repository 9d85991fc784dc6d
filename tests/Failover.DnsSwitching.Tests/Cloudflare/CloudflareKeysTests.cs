using Failover.DnsSwitching.Cloudflare;

namespace Failover.DnsSwitching.Tests.Cloudflare;

public sealed class CloudflareKeysTests
{
    [Fact]
    public void Settings_that_are_whole_are_taken() => Assert.Empty(Problems(static _ => { }));

    [Theory]
    [InlineData("https://proxy.example.net/cloudflare/")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080/client/v4")]
    public void An_address_is_https_or_on_this_machine(string url) => Assert.Empty(Problems(o => o.BaseUrl = url));

    [Theory]
    [InlineData("")]
    [InlineData("api.cloudflare.com")]
    [InlineData("http://api.cloudflare.com/client/v4")]
    [InlineData("https://user:secret@api.cloudflare.com")]
    [InlineData("https://api.cloudflare.com/?token=secret")]
    [InlineData("ftp://127.0.0.1/")]
    public void Any_other_is_refused_and_not_shown(string url) =>
        Assert.Equal(["Failover:Cloudflare:BaseUrl must be an https address without user and query, like https://api.cloudflare.com/client/v4, or http on this machine."], Problems(o => o.BaseUrl = url));

    [Fact]
    public void Every_problem_is_told_at_once_with_its_key()
    {
        string[] problems = Problems(static o =>
        {
            (o.ZoneId, o.ApiToken, o.BaseUrl) = ("example.com", "", "https://api.cloudflare.com");
            (o.MinimumTimeToLive, o.Timeout) = (TimeSpan.FromSeconds(60.5), TimeSpan.FromHours(1));
        });

        Assert.Equal(
            [
                "Failover:Cloudflare:Timeout (01:00:00) must be from 00:00:01 to 00:01:00.",
                "Failover:Cloudflare:ZoneId must be the id of the zone, 32 digits from 0 to f, as its overview in the dashboard shows it.",
                "Failover:Cloudflare:ApiToken must be an API token, 20 to 256 characters without spaces, and without the word Bearer.",
                "Failover:Cloudflare:MinimumTimeToLive (00:01:00.500) must be whole seconds.",
            ],
            problems);
    }

    [Theory]
    [InlineData("Bearer cfut_0123456789abcdefghij")]
    [InlineData("cfut_0123456789abcdefghij\r\nX-Evil: 1")]
    [InlineData("short")]
    public void A_token_that_is_none_is_not_shown(string token)
    {
        Assert.DoesNotContain(token, Assert.Single(Problems(o => o.ApiToken = token)), StringComparison.Ordinal);
        Assert.DoesNotContain(token, Assert.Single(Problems(o => o.ZoneId = token)), StringComparison.Ordinal);
    }

    private static string[] Problems(Action<CloudflareOptions> change)
    {
        CloudflareOptions options = new() { ZoneId = "023e105f4ecef8ad9ca31a8372d0c353", ApiToken = "cfut_0123456789abcdefghijklmnopqrstuvwxyz" };
        change(options);
        OptionsCheck check = new("Failover:Cloudflare");
        CloudflareKeys.Table.Check(options, check);
        return [.. check.Problems];
    }
}
