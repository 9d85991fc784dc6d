namespace Failover.TestServers.Sentinel;

/// <summary>What a set is started with.</summary>
public sealed record SentinelSetOptions
{
    /// <summary>Gets how long a master may be silent until a sentinel takes it for dead: <c>down-after-milliseconds</c>.</summary>
    public TimeSpan DownAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets how long a step of a failover may take: <c>failover-timeout</c>. A failover that came to nothing is tried again after twice as long.</summary>
    public TimeSpan FailoverTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets whether nodes and sentinels ask for a password; each kind has its own.</summary>
    public bool Passwords { get; init; }

    /// <summary>Gets whether clients have users of their own, on the nodes and on the sentinels, with no more rights than the docs name (<see cref="SentinelUsers"/>). Then there are passwords too, which are the servers' own.</summary>
    public bool Users { get; init; }

    /// <summary>Gets whether nodes and sentinels speak TLS alone.</summary>
    public bool Tls { get; init; }

    /// <summary>Gets further lines of the configuration of each node: <c>min-replicas-to-write 1</c>. Without <c>appendonly yes</c> a node that is killed has nothing when it is started again.</summary>
    public IReadOnlyList<string> NodeSettings { get; init; } = [];
}
