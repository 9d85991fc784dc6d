namespace Failover.Simulation.Leases.Stores;

/// <summary>The kinds of store that are simulated.</summary>
internal enum StoreKind
{
    /// <summary>A key under a lease. Its time is a lower bound, and counted anew by each new leader; the token is the revision.</summary>
    Etcd,

    /// <summary>A row, judged by the server's clock. A standby that is promoted may lack what came last; the token bears the timeline.</summary>
    PostgreSql,

    /// <summary>An object that says who holds it, and judges nothing: whoever would take it waits until it has seen it unchanged for its whole time, by its own clock.</summary>
    Kubernetes,
}
