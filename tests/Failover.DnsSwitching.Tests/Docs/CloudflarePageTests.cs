using System.Text;
using Failover.TestServers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Failover.DnsSwitching.Tests.Docs;

/// <summary>What the page says of Cloudflare.</summary>
public sealed class CloudflarePageTests : IDisposable
{
    /// <summary>Of this test alone: an app's variables have no prefix.</summary>
    private const string Prefix = "CLOUDFLARE_PAGE_";
    private const string Token = Prefix + "Failover__Cloudflare__site__ApiToken";

    public void Dispose() => Environment.SetEnvironmentVariable(Token, null);

    [Fact]
    public void A_name_follows_its_group_by_the_configuration_of_the_page_and_a_token_from_the_environment()
    {
        Environment.SetEnvironmentVariable(Token, "a-token-of-20-characters-or-more");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration
            .AddJsonStream(Block("\"Rfc2136\": {"))
            .AddJsonStream(Block("\"Cloudflare\": {"))
            .AddEnvironmentVariables(Prefix)
            .AddInMemoryCollection([.. Page.Here, new("Failover:Cloudflare:site:BaseUrl", "http://127.0.0.1:9")]);

        #region docs:cloudflare
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddEtcd()
            .AddHttp()
            .SwitchDns("site", "shop.example.com", dns => dns
                .UseCloudflare(_ => { })                                // Failover:Cloudflare:site, and what code sets above it
                .UseArbiter(arbiter => arbiter.UseEtcd()));
        #endregion
        using IHost app = builder.Build();

        Assert.Equal("cloudflare at 127.0.0.1:9, zone 0123456789abcdef0123456789abcdef", app.Services.GetRequiredKeyedService<DnsSwitch>("site").Snapshot.Provider);
    }

    /// <summary>The first block of JSON of the page that holds a text; without who holds its name otherwise.</summary>
    private static MemoryStream Block(string with) => new(Encoding.UTF8.GetBytes(Page.JsonOf("docs/dns.md", with)[0].Replace("\"Rfc2136\"", "\"x\"", StringComparison.Ordinal)));
}
