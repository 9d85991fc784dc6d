namespace Failover.PostgreSql;

/// <summary>Settings of a PostgreSQL group, beside its <see cref="GroupOptions"/>: <c>Failover:Groups:&lt;name&gt;</c> with <c>Kind: PostgreSql</c>. Thresholds and nodes may change while the app runs.</summary>
public sealed class PostgreSqlGroupOptions
{
    /// <summary>
    /// Gets or sets the connection string: all nodes in <c>Host</c>, apart by commas, each with or without a port, and the rest as Npgsql takes it. Where it does not say so, <c>Timeout</c> is 3 seconds and <c>GSS Encryption Mode</c> is
    /// <c>Disable</c>. Never shown. Only the nodes may change while the app runs.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Gets or sets how long opening a connection waits for a primary, without holding a thread, before it throws <see cref="PrimaryUnavailableException"/>.</summary>
    /// <value>The default is 30 seconds; from 0 to 1 hour.</value>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets whether opening a connection throws <see cref="PrimaryUnavailableException"/> at once where there is no primary, in place of waiting.</summary>
    /// <value>The default is false.</value>
    public bool FailFast { get; set; }

    /// <summary>
    /// Gets or sets whether a command whose token is cancelled or whose time is up is cancelled at the server, as Npgsql does, before its connection is cut. The request goes over a connection of its own, in clear, with the key that the server gave for it;
    /// without it each such command costs its connection. A commit is never cancelled.
    /// </summary>
    /// <value>The default is true.</value>
    public bool SoftCancel { get; set; } = true;

    /// <summary>Gets or sets when people are told that a standby is behind.</summary>
    public LagOptions Lag { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();

    /// <summary>Gets or sets whether and how Patroni's REST API is asked when to look, and which nodes there are.</summary>
    public PatroniOptions Patroni { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();

    /// <summary>
    /// Gets or sets whether the instances that an RDS Multi-AZ DB cluster or Aurora names become the members of the group, in place of those of the connection string. Only those that <see cref="PatroniOptions.AllowedMembers"/> allows are taken. Without
    /// effect where no host of the connection string ends in <c>.rds.amazonaws.com</c> or <c>.rds.amazonaws.com.cn</c>, and on servers that have none of their functions.
    /// </summary>
    /// <value>The default is true. May not change while the app runs.</value>
    public bool DiscoverRdsMembers { get; set; } = true;

    /// <summary>Gets or sets whether the nodes are RDS's whatever they are called: those of tests stand on the loopback.</summary>
    internal bool IsRds { get; set; }

    /// <summary>Gets or sets the user that nodes are probed as; null for that of the connection string. It needs no right but to connect.</summary>
    /// <value>The default is null.</value>
    public string? ProbeUserName { get; set; }

    /// <summary>Gets or sets the password of <see cref="ProbeUserName"/>. Never shown.</summary>
    /// <value>The default is null.</value>
    public string? ProbePassword { get; set; }
}
