namespace Failover.Aws;

/// <summary>What Route 53's checkers see of one side.</summary>
/// <param name="HealthCheckId">The id of the health check.</param>
/// <param name="Checkers">How many checkers told what they see.</param>
/// <param name="Succeeding">How many of them get good answers.</param>
/// <param name="IsInverted">Whether the check says the opposite of what they see: a failover that somebody asked for.</param>
/// <param name="IsDisabled">Whether the check is switched off: Route 53 then takes the side for healthy, whatever happens to it.</param>
public sealed record Route53SideStatus(string HealthCheckId, int Checkers, int Succeeding, bool IsInverted, bool IsDisabled)
{
    private const double Enough = 0.18;

    /// <summary>Gets whether the app of this side answers well: more than 18 % of the checkers say so, as Route 53 counts.</summary>
    public bool IsAnswering => Checkers > 0 && Succeeding > Checkers * Enough;

    /// <summary>Gets whether Route 53 takes the side for healthy.</summary>
    public bool IsHealthy => IsDisabled || IsAnswering != IsInverted;
}
