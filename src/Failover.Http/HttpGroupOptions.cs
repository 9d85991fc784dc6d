namespace Failover.Http;

/// <summary>Settings of an HTTP group, beside its <see cref="GroupOptions"/>: <c>Failover:Groups:&lt;name&gt;</c> with <c>Kind: Http</c>. May be changed while running.</summary>
public sealed class HttpGroupOptions
{
    /// <summary>Gets or sets the members, in the order of preference. In configuration a list of addresses, or of objects with <c>Name</c> and <c>Address</c>; it replaces the members given in code.</summary>
    /// <value>The default is empty; at least one is needed.</value>
    public IList<HttpMemberOptions> Members { get; set; } = [];

    /// <summary>Gets or sets whether the group may mix members with and without TLS. A request that was meant for an https member would then be sent over plain http after a failover.</summary>
    /// <value>The default is false.</value>
    public bool AllowInsecureMember { get; set; }

    /// <summary>Gets or sets how the members are probed.</summary>
    public HttpProbeOptions Probe { get; set; } = new();

    /// <summary>Gets or sets how clients that use the group connect to its members.</summary>
    public HttpConnectionOptions Connections { get; set; } = new();

    /// <summary>Gets or sets how many requests may be sent a second time.</summary>
    public HttpReplayOptions Replay { get; set; } = new();
}
