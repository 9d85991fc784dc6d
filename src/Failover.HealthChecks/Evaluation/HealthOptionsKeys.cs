namespace Failover.HealthChecks.Evaluation;

/// <summary>The keys of <see cref="HealthOptions"/>, and the rules for their values.</summary>
internal static class HealthOptionsKeys
{
    internal const string Section = "Health";

    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The keys of one check.</summary>
    internal static readonly OptionsKeys<CheckOptions> Check = new OptionsKeys<CheckOptions>()
        .OptionalTime("Period", o => o.Period, (o, v) => o.Period = v, ShortestPeriod, LongestPeriod)
        .OptionalTime("FailurePeriod", o => o.FailurePeriod, (o, v) => o.FailurePeriod = v, ShortestPeriod, LongestPeriod)
        .OptionalTime("Timeout", o => o.Timeout, (o, v) => o.Timeout = v, ShortestTimeout, LongestTimeout)
        .OptionalNumber("Fall", o => o.Fall, (o, v) => o.Fall = v, 1, 100)
        .OptionalNumber("Rise", o => o.Rise, (o, v) => o.Rise = v, 1, 100)
        .OptionalChoice("Criticality", o => o.Criticality, (o, v) => o.Criticality = v)
        .OptionalChoice("Scope", o => o.Scope, (o, v) => o.Scope = v);

    internal static readonly OptionsKeys<HealthOptions> Table = new OptionsKeys<HealthOptions>()
        .Time("Period", o => o.Period, (o, v) => o.Period = v, ShortestPeriod, LongestPeriod)
        .Time("FailurePeriod", o => o.FailurePeriod, (o, v) => o.FailurePeriod = v, ShortestPeriod, LongestPeriod)
        .Time("Timeout", o => o.Timeout, (o, v) => o.Timeout = v, ShortestTimeout, LongestTimeout)
        .Number("Fall", o => o.Fall, (o, v) => o.Fall = v, 1, 100)
        .Number("Rise", o => o.Rise, (o, v) => o.Rise = v, 1, 100)
        .Each("Checks", o => o.Checks, Check);

    /// <summary>The nearest period that is allowed: registrations know no bounds.</summary>
    internal static TimeSpan AsPeriod(TimeSpan registered) => Clamp(registered, ShortestPeriod, LongestPeriod);

    /// <summary>The nearest timeout that is allowed.</summary>
    internal static TimeSpan AsTimeout(TimeSpan registered) => Clamp(registered, ShortestTimeout, LongestTimeout);

    private static TimeSpan Clamp(TimeSpan time, TimeSpan shortest, TimeSpan longest) => time < shortest ? shortest : time > longest ? longest : time;
}
