namespace Failover.PostgreSql;

/// <summary>What the health check of a PostgreSQL group looks at: <c>AddPostgreSql(…)</c> on <c>AddHealthChecks()</c>.</summary>
public sealed class PostgreSqlCheckOptions
{
    /// <summary>Gets or sets how long a group may be switching before the check fails; until then it is degraded.</summary>
    /// <value>The default is 30 seconds; from 0 to 1 hour.</value>
    public TimeSpan SwitchingGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long the primary has to answer before the check fails.</summary>
    /// <value>The default is 1.5 seconds; from 10 milliseconds to 1 minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Gets or sets the table that each run of the check writes one row into, with or without its schema; null for none. It must be made before, and be used for nothing else:
    /// <c>CREATE TABLE failover_probe (id int PRIMARY KEY, at timestamptz NOT NULL)</c>.
    /// </summary>
    /// <value>The default is null.</value>
    public string? ProbeTable { get; set; }

    /// <summary>Gets or sets how many of the primary's connections for ordinary users may be in use before the check is degraded.</summary>
    /// <value>The default is 90 %; above 0, up to 100.</value>
    public double MaximumConnectionsPercent { get; set; } = 90;
}
