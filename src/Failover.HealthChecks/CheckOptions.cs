namespace Failover.HealthChecks;

/// <summary>Settings of one check, in <c>Failover:Health:Checks:&lt;name&gt;</c>. What is null is as for every check: <see cref="HealthOptions"/>.</summary>
public sealed class CheckOptions
{
    /// <summary>Gets or sets how long from the end of one run to the beginning of the next, while the check passes. Null: that of the registration (<c>HealthCheckRegistration.Period</c>), else <see cref="HealthOptions.Period"/>.</summary>
    /// <value>From 100 milliseconds to 1 day.</value>
    public TimeSpan? Period { get; set; }

    /// <summary>Gets or sets how soon it is run again while it does not pass. Null: <see cref="HealthOptions.FailurePeriod"/>.</summary>
    /// <value>From 100 milliseconds to 1 day.</value>
    public TimeSpan? FailurePeriod { get; set; }

    /// <summary>Gets or sets how long a run may take before it counts as failed. Null: that of the registration (<c>HealthCheckRegistration.Timeout</c>), else <see cref="HealthOptions.Timeout"/>.</summary>
    /// <value>From 10 milliseconds to 10 minutes.</value>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Gets or sets how many runs in a row must fail. Null: <see cref="HealthOptions.Fall"/>.</summary>
    /// <value>From 1 to 100.</value>
    public int? Fall { get; set; }

    /// <summary>Gets or sets how many runs in a row must pass. Null: <see cref="HealthOptions.Rise"/>.</summary>
    /// <value>From 1 to 100.</value>
    public int? Rise { get; set; }

    /// <summary>Gets or sets what a failure means for the node. Null: what the registration says.</summary>
    public Criticality? Criticality { get; set; }

    /// <summary>Gets or sets whose failure it is. Null: what the registration's tags say, or the kind of check.</summary>
    public CheckScope? Scope { get; set; }
}
