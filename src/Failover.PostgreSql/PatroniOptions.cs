namespace Failover.PostgreSql;

/// <summary>
/// What to ask of Patroni's REST API. What it says makes a group look at its nodes earlier, and, if wanted, finds nodes; it never says who is primary. Where the API is away, hangs or lies, the group goes on by its own looks.
/// </summary>
public sealed class PatroniOptions
{
    /// <summary>Gets or sets whether the REST API is asked at all.</summary>
    /// <value>The default is false.</value>
    public bool Enabled { get; set; }

    /// <summary>Gets or sets the addresses of the REST API, with http or https: <c>http://pg-a:8008</c>. One that does not answer is left for the next.</summary>
    /// <value>The default is none: port 8008 of each node, by http.</value>
    public IList<string> Endpoints { get; set; } = [];

    /// <summary>Gets or sets how often it is asked. A question costs Patroni one read of its store.</summary>
    /// <value>The default is 2 seconds; from 200 milliseconds to 1 hour.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how long an endpoint may take for its answer.</summary>
    /// <value>The default is 1 second; from 100 milliseconds to 1 minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets whether the nodes that Patroni names become the members of the group, in place of those of the connection string, and go with them. Only nodes that <see cref="AllowedMembers"/> allows get credentials; a list with another one is not
    /// taken at all. New nodes come at once; one that is gone goes when the leader has said so twice.
    /// </summary>
    /// <value>The default is false.</value>
    public bool DiscoverMembers { get; set; }

    /// <summary>
    /// Gets or sets which nodes may be found: a host (<c>pg-d</c>), all below a domain (<c>*.db.example.com</c>), or a subnet (<c>10.1.2.0/24</c>), each with or without <c>:port</c>; an IPv6 address with a port stands in brackets.
    /// </summary>
    /// <value>
    /// The default is none: then those of the connection string, what stands below the same domain (of two labels or more), and what is in the same subnet (private IPv4 by 24 bits, private IPv6 by 64), on ports of the connection string. With
    /// <c>SSL Mode=VerifyFull</c> and no list, all: a node must show a certificate for its name there.
    /// </value>
    public IList<string> AllowedMembers { get; set; } = [];

    /// <summary>Gets or sets the file (PEM) of the certificate authority that must have signed the certificates of https endpoints; null for those that the system trusts.</summary>
    /// <value>The default is null.</value>
    public string? CertificateAuthorityPath { get; set; }
}
