namespace Failover.TestServers.Network;

/// <summary>One host of a <see cref="NetworkSite"/>.</summary>
public sealed class NetworkHost
{
    private readonly NetworkSite _site;

    internal NetworkHost(NetworkSite site, int number, string name) => (_site, Number, Name) = (site, number, name);

    /// <summary>Gets its number, from 1 on.</summary>
    public int Number { get; }

    /// <summary>Gets the name of its network, which no other has on this machine. Up to 15 characters.</summary>
    public string Name { get; }

    /// <summary>Gets its address, which only the other hosts of the site reach.</summary>
    public string Address => $"10.213.0.{Number}";

    /// <summary>Gets what to put before a command so that it runs on this host.</summary>
    public IReadOnlyList<string> Prefix => [RequiredServer.Locate("ip"), "netns", "exec", Name];

    /// <summary>Takes its cable out: whatever it sends is lost, and what others send to it.</summary>
    public Task CutOffAsync() => _site.SetCableAsync(this, isIn: false);

    /// <summary>Puts its cable in again.</summary>
    public Task JoinAsync() => _site.SetCableAsync(this, isIn: true);
}
