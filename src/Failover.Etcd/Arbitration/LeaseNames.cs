namespace Failover.Etcd.Arbitration;

/// <summary>Where the leases are kept. Kinds stand in folders of their own, so that a resource may have any name.</summary>
/// <param name="Prefix">What all of it stands under: <see cref="EtcdOptions.LeasePrefix"/>.</param>
internal readonly record struct LeaseNames(string Prefix)
{
    /// <summary>Gets the key of the random id that is made once for the data of an etcd, and lost with it.</summary>
    internal string Lineage => $"{Prefix}/lineage";

    /// <summary>Gets the key that is there for as long as one may still act who held a lease in data that were lost.</summary>
    internal string Quarantine => $"{Prefix}/quarantine";

    /// <summary>The key that is there while the lease is held.</summary>
    internal string Held(string resource) => $"{Prefix}/held/{Uri.EscapeDataString(resource)}";

    /// <summary>The key that stays when the lease runs out, and goes when it is given back.</summary>
    internal string Last(string resource) => $"{Prefix}/last/{Uri.EscapeDataString(resource)}";
}
