using Failover.DnsSwitching.Cloudflare;
using Failover.DnsSwitching.Tests.Rfc2136;
using Failover.TestServers.Cloudflare;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.DnsSwitching.Tests.Cloudflare;

/// <summary>Tests with a stand-in for Cloudflare of their own, in whose zone <c>shop.example.com</c> is 192.0.2.1.</summary>
public abstract class OnCloudflare : IAsyncLifetime
{
    internal const string Shop = "shop.example.com";

    /// <summary>How long a read or a change may take.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<CloudflareProvider> _providers = [];

    internal CloudflareStandIn Server { get; } = CloudflareStandIn.Start();

    internal CloudflareZone Zone => Server.Zone;

    internal FakeLogCollector Logs { get; } = new();

    /// <summary>Gets the id of the address that is there.</summary>
    internal string First { get; private set; } = "";

    public Task InitializeAsync()
    {
        First = Zone.Put(Shop, "A", "192.0.2.1");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (CloudflareProvider provider in _providers)
        {
            await provider.DisposeAsync();
        }

        await Server.DisposeAsync();
    }

    internal CloudflareOptions Options(bool useBatch = false) => new()
    {
        BaseUrl = Server.Address,
        ZoneId = Zone.Id,
        ApiToken = CloudflareStandIn.Token,
        UseBatch = useBatch,

        // A busy machine is no outcome.
        Timeout = Limit,
    };

    internal CloudflareProvider Provider(bool useBatch = false, Action<CloudflareOptions>? change = null, TimeProvider? time = null)
    {
        CloudflareOptions options = Options(useBatch);
        change?.Invoke(options);
        CloudflareProvider provider = new(options, time ?? TimeProvider.System, new FakeLogger(Logs));
        _providers.Add(provider);
        return provider;
    }

    internal static Task<DnsChange> ChangeAsync(CloudflareProvider provider, string operation, params string[] values) => provider.ChangeAsync(Shop, operation, values);

    /// <summary>Lets something happen right before the next change is carried out.</summary>
    internal void BeforeNextChange(Action act) => Server.Before = Once(act);

    /// <summary>Lets something happen right after the next change was carried out, before it is answered.</summary>
    internal void AfterNextChange(Action act) => Server.After = Once(act);

    /// <summary>Lets the next request of a kind go wrong, counted from now.</summary>
    internal void FailNext(string asked, CloudflareFault fault)
    {
        int before = Server.Asked.Count(one => one == asked);
        Server.Interfere = (one, count) => one == asked && count == before ? fault : null;
    }

    private static Action<string> Once(Action act)
    {
        int left = 1;
        return asked =>
        {
            if (asked == "batch" && Interlocked.Decrement(ref left) == 0)
            {
                act();
            }
        };
    }
}
