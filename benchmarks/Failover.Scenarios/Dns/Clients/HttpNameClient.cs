using Failover.DnsSwitching;
using Failover.Scenarios.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Scenarios.Dns.Clients;

/// <summary>A client of the web servers.</summary>
internal sealed class HttpNameClient : NameClient
{
    private readonly HttpClient _client;
    private readonly ServiceProvider? _services;

    private HttpNameClient(HttpClient client, ServiceProvider? services, DnsStage stage)
    {
        (_client, _services) = (client, services);
        _client.BaseAddress = new UriBuilder(Uri.UriSchemeHttp, DnsStage.Name, stage.Active.Web.Address.Port).Uri;
    }

    /// <summary>HttpClient over this handler.</summary>
    internal static NameClient Plain(DnsStage stage, SocketsHttpHandler handler) => new HttpNameClient(new HttpClient(handler), null, stage);

    /// <summary>One that follows the name, by asking the name servers that hold it.</summary>
    internal static NameClient Following(DnsStage stage, Action<DnsFollowerOptions> configure)
    {
        ServiceCollection services = new();
        services.AddFailover().AddDnsFollower(options =>
        {
            stage.AskNameServers(options);
            configure(options);
        });
        services.AddHttpClient("shop").FollowDns();
        ServiceProvider provider = services.BuildServiceProvider();
        return new HttpNameClient(provider.GetRequiredService<IHttpClientFactory>().CreateClient("shop"), provider, stage);
    }

    internal override async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _client.GetAsync(ServerPaths.Work, cancellationToken);
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues(ServerPaths.ServerHeader).First();
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }
}
