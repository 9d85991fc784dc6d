namespace Failover.Aws;

/// <summary>One side of a pair: what Route 53 answers, and what its checkers ask.</summary>
public sealed class Route53SideOptions
{
    /// <summary>Gets or sets the addresses, all of one kind, or one name.</summary>
    /// <value>The default is none. These or <see cref="AliasTarget"/> are needed, and of the same kind on both sides.</value>
    public IList<string> Values { get; set; } = [];

    /// <summary>Gets or sets the name of a resource of AWS, such as a load balancer, of which the name is to be an alias. Route 53 then evaluates that resource's own health.</summary>
    /// <value>The default is null.</value>
    public string? AliasTarget { get; set; }

    /// <summary>Gets or sets the id of the hosted zone of <see cref="AliasTarget"/>, which AWS documents for each kind of resource and region.</summary>
    /// <value>The default is null; needed with <see cref="AliasTarget"/>.</value>
    public string? AliasHostedZoneId { get; set; }

    /// <summary>Gets or sets the name that the checkers ask: one that leads to this side only, so never that of the pair. It has to be reachable from the internet.</summary>
    /// <value>The default is null: no health check. The primary needs one, unless it is an alias.</value>
    public string? HealthHost { get; set; }

    /// <summary>Gets or sets the address that the checkers ask, with <see cref="HealthHost"/> as the host; null to look that name up.</summary>
    /// <value>The default is null.</value>
    public string? HealthAddress { get; set; }
}
