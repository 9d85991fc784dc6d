namespace Failover.PostgreSql;

/// <summary>Where and how <see cref="PostgreSqlLeaseStore"/> keeps leases. Read once.</summary>
public sealed class PostgreSqlLeaseOptions
{
    /// <summary>Gets or sets the table that leases are kept in, with or without its schema. All hosts that compete use the same one.</summary>
    /// <value>The default is <c>failover_leases</c>; letters, digits and <c>_</c>, up to 63 of them. Letters of both cases stay what they are.</value>
    public string Table { get; set; } = "failover_leases";

    /// <summary>Gets or sets whether the table is made when it is first used and is not there. The user then needs the right to create in its schema; where that is missing, the exception bears the statement to run.</summary>
    /// <value>The default is true.</value>
    public bool CreateTable { get; set; } = true;

    /// <summary>
    /// Gets or sets whether a host that waits for a lease listens for its release (<c>LISTEN</c>), on one connection that it keeps while it waits. Without it the next holder follows by <see cref="LeaseOptions.RetryInterval"/>. To be false where
    /// connections go through a pooler that shares them by the transaction: <c>LISTEN</c> is heard by nobody there.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Listen { get; set; } = true;
}
