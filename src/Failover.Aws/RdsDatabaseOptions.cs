namespace Failover.Aws;

/// <summary>Which cluster or instance of RDS is asked for its writer.</summary>
public sealed class RdsDatabaseOptions
{
    /// <summary>Gets or sets the identifier of a cluster: Aurora, or a Multi-AZ DB cluster.</summary>
    /// <value>The default is null. One of this and <see cref="Instance"/> is needed.</value>
    public string? Cluster { get; set; }

    /// <summary>Gets or sets the identifier of an instance: one with a standby in another zone.</summary>
    /// <value>The default is null. One of this and <see cref="Cluster"/> is needed.</value>
    public string? Instance { get; set; }

    /// <summary>Gets or sets how often it is asked. AWS counts the requests of all who use the account.</summary>
    /// <value>The default is 10 seconds; from 1 second to 10 minutes.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);
}
