namespace Failover.TestServers.Virtual;

/// <summary>What the app of a node is to be.</summary>
public sealed record VirtualAppOptions
{
    /// <summary>Gets whether it drives keepalived; else it is an app that keepalived looks at.</summary>
    public bool DrivesKeepalived { get; init; } = true;

    /// <summary>Gets whether it has the right to packets as they are (CAP_NET_RAW), which is its only one.</summary>
    public bool HasRawSockets { get; init; }

    /// <summary>Gets more of its settings: <c>Failover:Groups:site:AckTimeout</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
