using System.Diagnostics;
using System.Text.Json;
using Failover.TestServers.Network;

namespace Failover.TestServers.Virtual;

/// <summary>
/// Two nodes that share a virtual address, with a real keepalived on each, and a client; all in networks of their own, for root. The nodes have a second network, for what they tell each other. Each fault is a method.
/// </summary>
public sealed partial class VirtualSite : IAsyncDisposable
{
    /// <summary>The virtual address.</summary>
    public const string Address = "10.213.0.100";

    /// <summary>The port on which the app of a node answers.</summary>
    public const int Port = 8080;

    internal const string Wire = "wire";

    internal static readonly IReadOnlyList<string> Programs = ["keepalived", "nft", "setpriv", "curl"];

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan SlowPace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly NetworkSite _network;

    private VirtualSite(NetworkSite network, VirtualSiteOptions options)
    {
        (_network, Options) = (network, options);
        (A, B) = (new(this, network.Hosts[0], "node-a"), new(this, network.Hosts[1], "node-b"));
    }

    /// <summary>Gets why no site can be made here; null if one can.</summary>
    public static string? Missing => RequiredServer.SkipReason([.. Programs, "ip"]) ?? NetworkSite.Missing;

    /// <summary>Gets the present instant on the monotonic clock of the machine, which all that is told of a site is told in.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>Gets what the site was asked to be.</summary>
    public VirtualSiteOptions Options { get; }

    /// <summary>Gets the node with the higher priority.</summary>
    public VirtualNode A { get; }

    /// <summary>Gets the other node.</summary>
    public VirtualNode B { get; }

    /// <summary>Gets both nodes.</summary>
    public IReadOnlyList<VirtualNode> Nodes => [A, B];

    /// <summary>Gets what to put before a command so that it runs where the clients are.</summary>
    public IReadOnlyList<string> ClientPrefix => Client.Prefix;

    internal string Hub => _network.Hub;

    private NetworkHost Client => _network.Hosts[2];

    /// <summary>Makes a site; its keepalived runs on both nodes, and its apps do not.</summary>
    public static async Task<VirtualSite> StartAsync(VirtualSiteOptions options)
    {
        VirtualSite site = await PreparedAsync(options);
        try
        {
            await Task.WhenAll(site.Nodes.Select(static node => node.StartKeepalivedAsync()));
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a site without anything that runs on it.</summary>
    public static async Task<VirtualSite> PreparedAsync(VirtualSiteOptions options)
    {
        VirtualSite site = new(await NetworkSite.StartAsync(3), options);
        try
        {
            await NetworkSite.IpAsync("-n", site.Hub, "link", "add", Wire, "type", "bridge");
            await NetworkSite.IpAsync("-n", site.Hub, "link", "set", Wire, "up");
            foreach (VirtualNode node in site.Nodes)
            {
                await node.PrepareAsync();
            }

            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gets the other of two nodes.</summary>
    public VirtualNode PeerOf(VirtualNode node) => node == A ? B : A;

    /// <summary>Waits until one node alone has the address.</summary>
    public Task HeldByAsync(VirtualNode node) => Waiting.ForAsync(
        () => Task.FromResult(node.OwnsAddress && !PeerOf(node).OwnsAddress ? node : null), Pace, Limit, () => $"{node.Name} alone to have the address\n{Told()}");

    /// <summary>Starts an app on both nodes, and waits until the first has the address and each knows of the other that it could take it.</summary>
    public async Task StartAppsAsync(VirtualAppOptions options)
    {
        // On a busy machine B's may be ready first: it would have the address, and A wait out its hold-down.
        await A.StartAppAsync(options);
        await HeldByAsync(A);
        await B.StartAppAsync(options);
        await HeldByAsync(A);
        if (options.DrivesKeepalived)
        {
            await SettledAsync(A);
        }
    }

    /// <summary>Waits until a node alone has the address, and the apps, both of which drive keepalived, say so and know of each other that they could take it.</summary>
    public async Task SettledAsync(VirtualNode holder)
    {
        await HeldByAsync(holder);
        foreach (VirtualNode node in Nodes)
        {
            await node.App!.StatusAsync(status => IsSettled(status, node, holder));
        }
    }

    /// <summary>Waits until the same is so of either node, and returns which.</summary>
    public Task<VirtualNode> SettledAsync() => Waiting.ForAsync(
        async () =>
        {
            JsonElement[] told = await Task.WhenAll(Nodes.Select(static node => node.App!.StatusAsync()));
            return Nodes.FirstOrDefault(holder => holder.OwnsAddress && !PeerOf(holder).OwnsAddress && Nodes.Zip(told).All(one => IsSettled(one.Second, one.First, holder)));
        },
        SlowPace,
        Limit,
        () => $"one node to have the address, and both to say so\n{Told()}");

    /// <summary>Waits until keepalived on each node says of its script that it passes.</summary>
    public Task ScriptsPassAsync() => Waiting.ForAsync(
        () => Task.FromResult(Nodes.All(static node => node.Keepalived.ScriptPasses) ? this : null), SlowPace, Limit, () => $"the scripts to pass\n{Told()}");

    /// <summary>Waits until both nodes have the address.</summary>
    /// <returns>Since when they have, as their kernels say.</returns>
    public async Task<TimeSpan> HeldByBothAsync()
    {
        await Waiting.ForAsync(() => Task.FromResult(A.OwnsAddress && B.OwnsAddress ? this : null), Pace, Limit, () => $"both to have the address\n{Told()}");
        return Nodes.Max(static node => node.Watch.HeldWithin(TimeSpan.Zero, Now)[^1].From);
    }

    /// <summary>Returns for how long both nodes had the address, within two instants; a node that died counts as having none.</summary>
    public TimeSpan HeldByBothWithin(TimeSpan from, TimeSpan to)
    {
        TimeSpan both = TimeSpan.Zero;
        foreach ((TimeSpan From, TimeSpan To) a in HeldBy(A, from, to))
        {
            foreach ((TimeSpan From, TimeSpan To) b in HeldBy(B, from, to))
            {
                TimeSpan begun = a.From > b.From ? a.From : b.From;
                TimeSpan ended = a.To < b.To ? a.To : b.To;
                both += ended > begun ? ended - begun : TimeSpan.Zero;
            }
        }

        return both;
    }

    /// <summary>Returns the node that the client sends to when it sends to the address; null if it knows none.</summary>
    public async Task<VirtualNode?> NeighbourAsync()
    {
        string[] entry = (await NetworkSite.IpAsync("-n", Client.Name, "neigh", "show", Address)).Split(' ');
        int at = Array.IndexOf(entry, "lladdr");
        return at < 0 ? null : Nodes.FirstOrDefault(node => node.Has(entry[at + 1]));
    }

    /// <summary>Waits until the client sends to a node when it sends to the address.</summary>
    public Task NeighbourIsAsync(VirtualNode node) => Waiting.ForAsync(
        async () => await NeighbourAsync() == node ? node : null, Pace, Limit, () => $"the client to take {node.Name} for the one with the address\n{Told()}");

    /// <summary>Ends all that runs, and removes the site.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (VirtualNode node in Nodes)
        {
            await node.DisposeAsync();
        }

        await _network.DisposeAsync();
    }

    private static bool IsSettled(JsonElement status, VirtualNode node, VirtualNode holder) =>
        status.GetProperty("site") is var known && known.GetProperty("standing").GetString() == (node == holder ? "Master" : "Backup") && known.GetProperty("isAcknowledged").ValueKind == JsonValueKind.True
        && status.GetProperty("group") is var group && group.GetProperty("active").GetString() == holder.Name && group.GetProperty("condition").GetString() == "Settled"
        && group.GetProperty("members").EnumerateObject().All(static member => member.Value.GetString() == "Healthy");

    /// <summary>What all said, for a message.</summary>
    internal string Told() => string.Join('\n', Nodes.Select(static node => $"-- {node.Name}, {(node.OwnsAddress ? "has the address" : "has no address")}\n{node.Keepalived.Log}\n{node.App?.Log}"));
}
