using Failover.Keepalived.Tests.Real;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>The site of a design, through all runs, with an app on each node.</summary>
internal sealed class VirtualStage : IAsyncDisposable
{
    /// <summary>How many calls are answered before a fault: a client that has just begun is slow.</summary>
    private const int WarmUp = 50;

    private readonly VirtualAppOptions _app;

    private VirtualStage(VirtualDesignKind design, VirtualSite site)
    {
        (Design, Site) = (design, site);
        _app = new() { DrivesKeepalived = design.IsOurs, HasRawSockets = design.IsOurs };
    }

    internal VirtualDesignKind Design { get; }

    internal VirtualSite Site { get; }

    internal static async Task<VirtualStage> StartAsync(VirtualDesignKind design)
    {
        VirtualStage stage = new(design, await VirtualSite.StartAsync(new VirtualSiteOptions { Design = design.Design, Configuration = design.IsOurs ? Rendered.Of(static _ => { }).Configuration : null }));
        try
        {
            await stage.StartAppsAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a client, which the address has answered for a while.</summary>
    internal async Task<AddressClient> ClientAsync()
    {
        AddressClient client = await AddressClient.StartAsync(Site);
        int answered = 0;
        await client.NextAsync(call => call.Node is not null && ++answered >= WarmUp, TimeSpan.Zero);
        return client;
    }

    /// <summary>Starts the app of the preferred node again.</summary>
    internal Task StartAgainAsync() => Site.A.StartAppAsync(_app);

    /// <summary>Starts it again, with another file for its credit.</summary>
    internal Task StartAgainAsync(string creditFile) => Site.A.StartAppAsync(_app with { Settings = new Dictionary<string, string> { ["Failover:Groups:site:CreditFile"] = creditFile } });

    /// <summary>Undoes all that was done, and starts keepalived and the apps anew.</summary>
    internal async Task StartAnewAsync()
    {
        await Site.RestoreAsync();
        await StartAppsAsync();
    }

    /// <summary>Waits until the preferred node, which is whole again, has the address, and the other one could take it; of ours somebody asks for it.</summary>
    internal async Task SwitchBackAsync()
    {
        if (Design.IsOurs && !Site.A.OwnsAddress)
        {
            await Site.SettledAsync(Site.B);
            await Site.A.App!.MoveToAsync(Site.A);
        }

        await SettledAsync();
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();

    private async Task StartAppsAsync()
    {
        await Site.StartAppsAsync(_app);
        await SettledAsync();
    }

    /// <summary>A script that has not passed yet on one of the nodes would make the next fault another one.</summary>
    private async Task SettledAsync()
    {
        if (!Design.IsOurs)
        {
            await Site.ScriptsPassAsync();
            await Site.HeldByAsync(Site.A);
            return;
        }

        await Site.SettledAsync(Site.A);
    }
}
