namespace Failover.TestServers.Virtual;

/// <summary>What a <see cref="VirtualSite"/> is to be.</summary>
public sealed record VirtualSiteOptions
{
    /// <summary>Gets how keepalived learns whether a node is fit.</summary>
    public VirtualDesign Design { get; init; }

    /// <summary>Gets how often the holder of the address says so, of our design.</summary>
    public TimeSpan AdvertInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets what keepalived is told on a node, in place of what the design says.</summary>
    public Func<VirtualNode, string>? Configuration { get; init; }
}
