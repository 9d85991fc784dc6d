namespace Failover.Aws;

/// <summary>A name that Route 53 answers with the primary as long as its checkers see it well, and with the secondary otherwise.</summary>
public sealed class Route53FailoverPairOptions
{
    /// <summary>Gets or sets the id of the hosted zone: <c>Z0123456789ABCDEFGHIJ</c>.</summary>
    /// <value>The default is none; it is needed.</value>
    public string HostedZoneId { get; set; } = "";

    /// <summary>Gets or sets the name: <c>shop.example.com</c>.</summary>
    /// <value>The default is none; it is needed.</value>
    public string Name { get; set; } = "";

    /// <summary>Gets or sets what is answered as long as it is well.</summary>
    public Route53SideOptions Primary { get; set; } = new();

    /// <summary>Gets or sets what is answered otherwise.</summary>
    public Route53SideOptions Secondary { get; set; } = new();

    /// <summary>Gets or sets how long caches may keep an answer. It is added to the time that a failover takes. Aliases have the time of their target.</summary>
    /// <value>The default is 30 seconds; from 0 to 1 day, in whole seconds.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets what the checkers ask for, over HTTPS: 200 to 399 within 2 seconds is well. <c>app.MapFailoverHealth("/health/routing", HealthVerdict.CanServe)</c> serves it.</summary>
    /// <value>The default is <c>/health/routing</c>.</value>
    public string HealthPath { get; set; } = "/health/routing";

    /// <summary>Gets or sets the port that the checkers ask.</summary>
    /// <value>The default is 443; from 1 to 65535.</value>
    public int HealthPort { get; set; } = 443;

    /// <summary>Gets or sets how often each of the checkers asks, in seconds. There are more than a dozen of them.</summary>
    /// <value>The default is 10; 10 or 30, which is cheaper. A change makes a new health check.</value>
    public int RequestInterval { get; set; } = 10;

    /// <summary>Gets or sets how many answers in a row turn a checker's opinion.</summary>
    /// <value>The default is 3; from 1 to 10.</value>
    public int FailureThreshold { get; set; } = 3;

    /// <summary>Gets or sets how long a request is tried again that AWS refuses because it wants fewer requests.</summary>
    /// <value>The default is 30 seconds; from 0 to 5 minutes.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long to wait for a change to be at all of Route 53's name servers.</summary>
    /// <value>The default is 5 minutes; from 1 second to 1 hour.</value>
    public TimeSpan SyncTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
