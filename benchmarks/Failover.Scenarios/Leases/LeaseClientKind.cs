namespace Failover.Scenarios.Leases;

/// <summary>A way to let one process act.</summary>
/// <param name="Name">What the rows call it.</param>
/// <param name="Arbiter">Where the lease is kept.</param>
/// <param name="Contender">What the contender calls it.</param>
internal sealed record LeaseClientKind(string Name, string Arbiter, string Contender)
{
    internal static readonly IReadOnlyList<LeaseClientKind> All =
    [
        new("failover-etcd", "etcd", "etcd"),
        new("failover-postgresql", "postgresql", "postgresql"),
        new("failover-kubernetes", "kubernetes", "kubernetes"),
        new("distributedlock", "postgresql", "distributedlock"),
        new("leaderelector", "kubernetes", "leaderelector"),
    ];

    internal bool IsOurs => Name.StartsWith("failover-", StringComparison.Ordinal);
}
