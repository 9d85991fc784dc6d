namespace Failover.Keepalived.Configuration;

/// <summary>One of the two nodes, as the configuration of keepalived needs it.</summary>
public sealed class KeepalivedNodeOptions
{
    /// <summary>Gets or sets the name of the node, for <c>router_id</c>: that of <c>Failover:Peers:Node</c>.</summary>
    /// <value>It must be set: up to 128 letters, digits, '.', '_' and '-'.</value>
    public string Name { get; set; } = "";

    /// <summary>Gets or sets the node's own IP address, from which and to which adverts are sent where they are not multicast.</summary>
    /// <value>The default is null; with <see cref="KeepalivedConfigOptions.Unicast"/> it must be set.</value>
    public string? Address { get; set; }

    /// <summary>Gets or sets the network interface of this node, where it is called otherwise than on the other one.</summary>
    /// <value>The default is null: <see cref="KeepalivedConfigOptions.Interface"/>.</value>
    public string? Interface { get; set; }

    /// <summary>Gets or sets the priority of the node before its credit. The node with the higher one is preferred.</summary>
    /// <value>The default is 50 for the first node and 40 for the second; from 1 to 54, so that with a credit of 200 it stays below 255, and at least 3 from that of the other node: each credit has three values.</value>
    public int Priority { get; set; }
}
