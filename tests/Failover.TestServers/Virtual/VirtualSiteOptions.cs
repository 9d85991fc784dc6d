namespace Failover.TestServers.Virtual;

/// <summary>What a <see cref="VirtualSite"/> is to be.</summary>
public sealed record VirtualSiteOptions
{
    /// <summary>Gets how keepalived learns whether a node is fit.</summary>
    public VirtualDesign Design { get; init; }

    /// <summary>Gets what keepalived is told on a node, in place of what the design says. Ours says nothing: <c>KeepalivedConfig</c> does.</summary>
    public Func<VirtualNode, string>? Configuration { get; init; }
}
