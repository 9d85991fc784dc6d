using Failover.TestServers.Network;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Virtual;

/// <summary>A node of a <see cref="VirtualSite"/>: a host with two networks, keepalived, and an app that runs without any rights.</summary>
public sealed partial class VirtualNode : IAsyncDisposable
{
    /// <summary>The user that the app runs as.</summary>
    public const string User = "nobody";

    /// <summary>The group that the app runs as.</summary>
    public const string Group = "nogroup";

    private readonly VirtualSite _site;
    private readonly NetworkHost _host;
    private AddressWatch? _watch;
    private string? _link;

    internal VirtualNode(VirtualSite site, NetworkHost host, string name)
    {
        (_site, _host, Name) = (site, host, name);
        Keepalived = new(host.Name);
    }

    /// <summary>Gets its name: <c>node-a</c>, which has the higher priority, or <c>node-b</c>.</summary>
    public string Name { get; }

    /// <summary>Gets whether it has the higher priority.</summary>
    public bool IsPreferred => _host.Number == 1;

    /// <summary>Gets its priority, of our design.</summary>
    public int Priority => IsPreferred ? 50 : 40;

    /// <summary>Gets its address on the network of the virtual address.</summary>
    public string Address => _host.Address;

    /// <summary>Gets its address on the network of its own that it has with the other node.</summary>
    public string ManagementAddress => $"10.214.0.{_host.Number}";

    /// <summary>Gets its network, for <c>ip netns exec</c>, of up to 15 characters.</summary>
    public string Network => _host.Name;

    /// <summary>Gets the name that the process of its app has on this machine, which no other has.</summary>
    public string ProcessName => _host.Name;

    /// <summary>Gets its keepalived.</summary>
    public KeepalivedServer Keepalived { get; }

    /// <summary>Gets the directory of what keepalived and the app share.</summary>
    public string RunFolder => Path.Combine(Keepalived.Folder, "run");

    /// <summary>Gets the file that keepalived tracks.</summary>
    public string CreditFile => Path.Combine(RunFolder, "credit");

    /// <summary>Gets the FIFO that keepalived writes to.</summary>
    public string Fifo => Path.Combine(RunFolder, "vrrp.fifo");

    /// <summary>Gets whether it has the virtual address, as the kernel says.</summary>
    public bool OwnsAddress => _watch is { IsHeld: true };

    internal AddressWatch Watch => _watch!;

    internal NetworkHost Host => _host;

    /// <summary>Writes the credit as an app does: into another file, which then takes its place.</summary>
    public void WriteCredit(int credit)
    {
        string next = $"{CreditFile}.next";
        File.WriteAllText(next, $"{credit}\n");
        File.Move(next, CreditFile, overwrite: true);
    }

    /// <summary>Writes the configuration anew and starts keepalived, which does not run.</summary>
    public async Task StartKeepalivedAsync()
    {
        await File.WriteAllTextAsync(Keepalived.ConfigurationFile, VirtualConfiguration.Of(_site.Options, this));
        Keepalived.ForgetProcesses();
        await Keepalived.StartAgainAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAppAsync();
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }

        await Keepalived.DisposeAsync();
    }

    internal async Task PrepareAsync()
    {
        await NetworkSite.IpAsync("-n", _site.Hub, "link", "add", Wire, "type", "veth", "peer", "name", "eth1", "netns", Network);
        await NetworkSite.IpAsync("-n", _site.Hub, "link", "set", Wire, "master", VirtualSite.Wire, "up");
        await IpAsync("addr", "add", $"{ManagementAddress}/24", "dev", "eth1");
        await IpAsync("link", "set", "eth1", "up");
        _link = (await IpAsync("-o", "link", "show", "eth0")).Split("link/ether ")[1].Split(' ')[0];
        _watch = await AddressWatch.StartAsync(Network);

        // Who runs the app is another user than who made the folder.
        await LoopbackServer.RunAsync("chmod", "755", Keepalived.Folder);
        await MakeRunFolderAsync();
    }

    /// <summary>Tells whether an address of a link is that of this node.</summary>
    internal bool Has(string link) => link == _link;

    private string Port => $"port{_host.Number}";

    private string Wire => $"wire{_host.Number}";

    private Task<string> IpAsync(params string[] arguments) => NetworkSite.IpAsync(["-n", Network, .. arguments]);

    private async Task MakeRunFolderAsync()
    {
        Directory.CreateDirectory(RunFolder);
        await LoopbackServer.RunAsync("chown", $"{User}:{Group}", RunFolder);
    }
}
