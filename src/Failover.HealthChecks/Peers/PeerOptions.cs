namespace Failover.HealthChecks;

/// <summary>The other nodes of the app, in <c>Failover:Peers</c>: where each is asked how it stands, and the secret that all of them share.</summary>
public sealed class PeerOptions
{
    /// <summary>Gets or sets the name of this node; each needs one of its own. Cannot change while the app runs.</summary>
    /// <value>The default is the machine's name. Up to 128 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, the first of them a letter or a digit.</value>
    public string? Node { get; set; } = Environment.MachineName;

    /// <summary>
    /// Gets the addresses at which the peers answer, like <c>https://node-b.example.com/health/peer</c>, each of one node: not of a load balancer. Without TLS only on a private network: an IP address that is private, or a name without a dot or below
    /// <c>.internal</c>, <c>.local</c>, <c>.localhost</c> or <c>.home.arpa</c>. Answers are signed in any case; TLS keeps them from being read.
    /// </summary>
    /// <value>The default is none: the node answers its peers, and asks nobody.</value>
    public IList<string> Addresses { get; } = [];

    /// <summary>Gets or sets the secret that all nodes share. It signs requests and answers, and is never sent.</summary>
    /// <value>It must be set: at least 16 bytes in UTF-8.</value>
    public string? Key { get; set; }

    /// <summary>Gets or sets how often each peer is asked. While a critical check of scope Shared fails here, it is asked each second, if that is sooner; <see cref="IPeerClaims.AskEvery"/> may want it more often, too. What a peer said counts for three of the intervals at which it is asked.</summary>
    /// <value>The default is 10 seconds; from 100 milliseconds to 1 hour.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long an answer may take, to its last byte.</summary>
    /// <value>The default is 1 second; from 10 milliseconds to 30 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how far the clock of who asks may be from this node's. Cannot change while the app runs.</summary>
    /// <value>The default is 30 seconds; from 1 second to 5 minutes.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets a file whose first line says which revision of what is deployed, of code or of configuration, this node has: up to 256 characters, told to the peers. <c>AddRevisionFile(path)</c> sets it, and compares it.</summary>
    /// <value>The default is null: none.</value>
    public string? RevisionFile { get; set; }
}
