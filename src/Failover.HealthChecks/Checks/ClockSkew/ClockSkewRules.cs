using System.Globalization;

namespace Failover.HealthChecks.Checks.ClockSkew;

/// <summary>What a difference of clocks means.</summary>
internal static class ClockSkewRules
{
    /// <summary>The difference that counts: the least. Whoever agrees with one peer is not the one who is wrong; of two nodes, nobody can tell which is.</summary>
    internal static TimeSpan? Least(IEnumerable<TimeSpan> skews)
    {
        TimeSpan? least = null;
        foreach (TimeSpan skew in skews)
        {
            least = least is null || skew.Duration() < least.Value.Duration() ? skew : least;
        }

        return least;
    }

    /// <summary>Without a peer to compare it to, a clock is no worse than it was: the last node that is left must not fail for that.</summary>
    /// <param name="skew">The least difference; null if no peer was heard.</param>
    /// <param name="refused">Whether a peer is there and refuses this node, as it does when its clock is further away than the window.</param>
    /// <param name="options">The thresholds.</param>
    internal static CheckFinding Judge(TimeSpan? skew, bool refused, ClockSkewCheckOptions options) =>
        skew is not { } apart ? (refused ? CheckFinding.Degraded("no peer is heard, and one refuses this node: its clock may be out of the window") : CheckFinding.Healthy)
        : apart.Duration() <= options.DegradedSkew ? CheckFinding.Healthy
        : apart.Duration() > options.MaximumSkew ? CheckFinding.Unhealthy(Words(apart))
        : CheckFinding.Degraded(Words(apart));

    internal static void Check(ClockSkewCheckOptions options, OptionsCheck check)
    {
        check.InRange(nameof(options.MaximumSkew), options.MaximumSkew, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
        if (!check.IsRefused(nameof(options.MaximumSkew)))
        {
            check.InRange(nameof(options.DegradedSkew), options.DegradedSkew, TimeSpan.FromMilliseconds(1), options.MaximumSkew);
        }
    }

    private static string Words(TimeSpan skew) =>
        string.Create(CultureInfo.InvariantCulture, $"every peer's clock is at least {skew.Duration().TotalSeconds:0.0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} this node's, or further away");
}
