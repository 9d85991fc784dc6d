namespace Failover.Aws;

/// <summary>In which zone of Route 53 names are moved, and how patiently.</summary>
public sealed class Route53Options
{
    /// <summary>Gets or sets the id of the hosted zone: <c>Z0123456789ABCDEFGHIJ</c>, with or without <c>/hostedzone/</c>. It is never looked for: the lists of zones are what accounts are throttled for.</summary>
    /// <value>The default is none; it is needed.</value>
    public string HostedZoneId { get; set; } = "";

    /// <summary>Gets or sets how long a request is tried again that AWS refuses because it wants fewer requests, or another change of the zone is under way.</summary>
    /// <value>The default is 10 seconds; from 0 to 5 minutes.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long to wait for a change to be at all of Route 53's name servers. AWS takes up to a minute as a rule.</summary>
    /// <value>The default is 5 minutes; from 1 second to 1 hour.</value>
    public TimeSpan SyncTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
