namespace Failover.TestServers.Patroni;

/// <summary>What a cluster is started with.</summary>
public sealed record PatroniClusterOptions
{
    /// <summary>Gets how many nodes there are.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Gets whether a commit waits for a standby.</summary>
    public bool SynchronousMode { get; init; }

    /// <summary>Gets whether the nodes speak TLS, and take the app over nothing else.</summary>
    public bool Tls { get; init; }

    /// <summary>Gets whether Patroni keeps its state through etcd's old API, <c>/v2/keys</c>; else through <c>/v3</c>. There a primary that is thawed may take the
    /// leader's key back from the new one, which then returns to the old timeline (a fault of Patroni 3.0); through the old API it cannot.</summary>
    public bool EtcdV2 { get; init; }

    /// <summary>Gets how long a primary that no longer answers stays the primary: Patroni's <c>ttl</c>, in seconds.</summary>
    public int TimeToLive { get; init; } = 5;

    /// <summary>Gets how many connections a node takes, three of them from the superuser alone.</summary>
    public int MaxConnections { get; init; } = 100;
}
