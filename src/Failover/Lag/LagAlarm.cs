using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>Whether a replica has been too far behind for long enough that people should know. Of looks closer together than half a second one counts.</summary>
/// <param name="IsOn">Whether it has.</param>
/// <param name="Breaches">How many looks in a row found it too far behind.</param>
/// <param name="Counted">When the last one of these was.</param>
[Experimental("FAILOVER001")]
public readonly record struct LagAlarm(bool IsOn, int Breaches, TimeSpan Counted)
{
    /// <summary>While a group looks for its primary it looks many times a second: these are not as many breaches.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(500);

    /// <summary>A look at the replica.</summary>
    /// <param name="lag">How far it was behind. What is not known is no look.</param>
    /// <param name="now">The time, on a clock that only goes forward.</param>
    /// <param name="limits">What is too far, and how often.</param>
    public LagAlarm Observe(TimeSpan lag, TimeSpan now, LagOptions limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (lag <= limits.Alarm)
        {
            return default;
        }

        if (Breaches > 0 && now - Counted < Apart)
        {
            return this;
        }

        int breaches = Math.Min(Breaches + 1, limits.Breaches);
        return new(IsOn || breaches >= limits.Breaches, breaches, now);
    }
}
