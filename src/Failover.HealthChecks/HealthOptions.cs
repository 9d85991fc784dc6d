namespace Failover.HealthChecks;

/// <summary>How the checks of this node are run, in <c>Failover:Health</c>. All of it may change while the app runs.</summary>
public sealed class HealthOptions
{
    /// <summary>Gets or sets how long from the end of one run of a check to the beginning of its next, while it passes; up to 10 % more or less, so that nodes do not ask in step.</summary>
    /// <value>The default is 10 seconds; from 100 milliseconds to 1 day.</value>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how soon a check is run again while it does not pass, or its last run speaks for a change; the period, if that is shorter.</summary>
    /// <value>The default is 2 seconds; from 100 milliseconds to 1 day.</value>
    public TimeSpan FailurePeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how long a run may take. Then it counts as failed, even if it ignores its token; one that goes on is left behind, and no other is begun beside it.</summary>
    /// <value>The default is 2 seconds; from 10 milliseconds to 10 minutes.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how many runs in a row must fail before a check that ever passed counts as failing. One that never passed fails at once.</summary>
    /// <value>The default is 2; from 1 to 100.</value>
    public int Fall { get; set; } = 2;

    /// <summary>Gets or sets how many runs in a row must pass before a check that failed counts as passing. The first run of all decides at once.</summary>
    /// <value>The default is 1; from 1 to 100.</value>
    public int Rise { get; set; } = 1;

    /// <summary>Gets the settings of single checks, by the name of their registration, without regard to case.</summary>
    public IDictionary<string, CheckOptions> Checks { get; } = new Dictionary<string, CheckOptions>(StringComparer.OrdinalIgnoreCase);
}
