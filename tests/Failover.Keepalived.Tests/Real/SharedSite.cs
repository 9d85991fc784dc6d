using System.Text.Json;
using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>One site for all tests of a collection, put right before each.</summary>
public sealed class SharedSite : IAsyncLifetime
{
    private VirtualSite? _site;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_site is { } site)
        {
            await site.DisposeAsync();
        }
    }

    /// <summary>A whole site without an app.</summary>
    internal async Task<VirtualSite> EmptyAsync()
    {
        if (_site is null)
        {
            return _site = await VirtualSite.StartAsync(Rendered.Site);
        }

        await _site.RestoreAsync();
        return _site;
    }

    /// <summary>A site of which both apps are ready, A holds the address, and both know that.</summary>
    internal async Task<VirtualSite> ReadyAsync(VirtualAppOptions? options = null)
    {
        VirtualSite site = await EmptyAsync();
        await ReadyAsync(site, options ?? new());
        return site;
    }

    /// <summary>Starts both apps of a site, until the same is so.</summary>
    internal static async Task ReadyAsync(VirtualSite site, VirtualAppOptions options)
    {
        await site.A.StartAppAsync(options);
        await Standing(site.A, "Master", "Ready");
        await site.B.StartAppAsync(options);
        await Standing(site.B, "Backup", "Ready");
        await site.A.App!.StatusAsync(static status => Active(status) == "node-a" && Sees(status, "peer: node-b is backup ready"));
        await site.B.App!.StatusAsync(static status => Active(status) == "node-a" && Sees(status, "peer: node-a is master ready"));
    }

    /// <summary>Waits until a node stands so, and keepalived counts its credit.</summary>
    internal static Task<JsonElement> Standing(VirtualNode node, string standing, string credit) =>
        node.App!.StatusAsync(status => Of(status, "standing") == standing && Of(status, "credit") == credit && status.GetProperty("site").GetProperty("isAcknowledged").ValueKind == JsonValueKind.True);

    /// <summary>Waits until both nodes say that both have the address.</summary>
    internal static async Task BothAsync(VirtualSite site)
    {
        foreach (VirtualNode node in site.Nodes)
        {
            await node.App!.StatusAsync(static status => Of(status, "standing") == "DualMaster" && Condition(status) == "SplitBrain");
        }
    }

    /// <summary>What it knows of the address.</summary>
    internal static string? Of(JsonElement status, string property) => status.GetProperty("site").GetProperty(property).GetString();

    internal static string? Active(JsonElement status) => status.GetProperty("group").GetProperty("active").GetString();

    internal static string? Condition(JsonElement status) => status.GetProperty("group").GetProperty("condition").GetString();

    internal static bool Sees(JsonElement status, string detector) => status.GetProperty("site").GetProperty("detectors").EnumerateArray().Any(one => one.GetString()!.StartsWith(detector, StringComparison.Ordinal));

    /// <summary>The switchovers that it has seen: <c>Failover node-a node-b Completed</c>.</summary>
    internal static string[] Moves(JsonElement status) =>
        [.. status.GetProperty("moves").EnumerateArray().Select(static one => $"{one.GetProperty("cause").GetString()} {one.GetProperty("from").GetString()} {one.GetProperty("to").GetString()} {one.GetProperty("outcome").GetString()}")];
}
