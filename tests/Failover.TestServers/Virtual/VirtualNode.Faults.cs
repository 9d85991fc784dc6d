using Failover.TestServers.Network;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Virtual;

/// <content>What befalls it.</content>
public sealed partial class VirtualNode
{
    /// <summary>Takes the link of the virtual address down, on the node: it knows.</summary>
    public Task LinkDownAsync() => IpAsync("link", "set", "eth0", "down");

    /// <summary>Takes it up again.</summary>
    public Task LinkUpAsync() => IpAsync("link", "set", "eth0", "up");

    /// <summary>Takes the cable of that link out, at the switch: the node sees that it has no carrier.</summary>
    public Task UnplugAsync() => _host.CutOffAsync();

    /// <summary>Puts it in again.</summary>
    public Task PlugAsync() => _host.JoinAsync();

    /// <summary>Lets the node die in silence, as far as others can tell: nothing comes from it any more and nothing reaches it, on both of its networks, while its links stay up.</summary>
    public async Task DieAsync()
    {
        await SetForwardingAsync(isOn: false);
        _site.Died(this);
    }

    /// <summary>Lets it be heard again, with all that it had.</summary>
    public async Task ReviveAsync()
    {
        await SetForwardingAsync(isOn: true);
        _site.Revived(this);
    }

    /// <summary>Has a firewall of the node drop the adverts that come in; ARP, HTTP and all else pass.</summary>
    public Task DropAdvertsAsync() => NftAsync("add table inet cut; add chain inet cut in { type filter hook input priority 0; }; add rule inet cut in meta l4proto 112 drop");

    /// <summary>Has it let them pass again.</summary>
    public Task PassAdvertsAsync() => NftAsync("add table inet cut; delete table inet cut");

    /// <summary>Removes the directory that keepalived watches, as a unit of the app does that has it as its own.</summary>
    public void RemoveRunFolder()
    {
        // An app may write into it meanwhile.
        while (Directory.Exists(RunFolder))
        {
            try
            {
                Directory.Delete(RunFolder, recursive: true);
            }
            catch (IOException)
            {
                // It has something in it again.
            }
        }
    }

    /// <summary>Makes the directory again; what watched the former one does not see that.</summary>
    public Task RestoreRunFolderAsync() => MakeRunFolderAsync();

    /// <summary>Takes the virtual address from the node by hand.</summary>
    public Task RemoveAddressAsync() => IpAsync("addr", "del", $"{VirtualSite.Address}/24", "dev", "eth0");

    /// <summary>Gives the node the virtual address by hand.</summary>
    public Task AddAddressAsync() => IpAsync("addr", "add", $"{VirtualSite.Address}/24", "dev", "eth0");

    internal Task IsolateAsync(bool isOn) => NetworkSite.IpAsync("-n", _site.Hub, "link", "set", Port, "type", "bridge_slave", "isolated", isOn ? "on" : "off");

    internal Task SetWireAsync(bool isOn) => SetMemberAsync(Wire, VirtualSite.Wire, isOn);

    /// <summary>Undoes all that was done to its networks.</summary>
    internal async Task MendNetworkAsync()
    {
        await PlugAsync();
        await LinkUpAsync();
        await ReviveAsync();
        await IsolateAsync(isOn: false);
        await PassAdvertsAsync();
    }

    private async Task SetForwardingAsync(bool isOn)
    {
        await SetMemberAsync(Port, NetworkSite.Switch, isOn);
        await SetMemberAsync(Wire, VirtualSite.Wire, isOn);
    }

    /// <summary>A port that is of no switch passes nothing, either way; the carrier stays.</summary>
    private async Task SetMemberAsync(string port, string bridge, bool isOn) => await NetworkSite.IpAsync(["-n", _site.Hub, "link", "set", port, .. isOn ? new[] { "master", bridge } : ["nomaster"]]);

    private async Task NftAsync(string commands) => await LoopbackServer.RunAsync([.. _host.Prefix, RequiredServer.Locate("nft"), commands]);
}
