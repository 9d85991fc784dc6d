namespace Failover.Simulation.Worlds;

/// <summary>The kinds of level that are simulated.</summary>
internal enum WorldKind
{
    /// <summary>Backends in an order of preference; each client for itself.</summary>
    Http,

    /// <summary>A name that one engine moves between servers, through a switcher.</summary>
    Dns,

    /// <summary>The same name watched by two engines that share an arbiter and the authority.</summary>
    DnsPair,

    /// <summary>A database cluster that elects by itself and tells timelines.</summary>
    Database,

    /// <summary>A virtual IP or a managed instance: roles, no epochs.</summary>
    Epochless,

    /// <summary>Nodes with roles; a quorum binds the primary's address to an epoch; a manual switch goes through a switcher.</summary>
    Redis,
}
