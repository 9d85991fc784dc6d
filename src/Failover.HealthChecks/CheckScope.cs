namespace Failover.HealthChecks;

/// <summary>Whose failure it is when a check fails. Set by settings, or by a tag <c>local</c> or <c>shared</c>; else by the kind of check; shared where nothing is known of it.</summary>
public enum CheckScope
{
    /// <summary>This node's own: its disk, its memory, its certificate. Traffic goes elsewhere.</summary>
    Local,

    /// <summary>Of something that all nodes use: a database, a cache. Traffic stays, unless a peer provably does not have the failure.</summary>
    Shared,
}
