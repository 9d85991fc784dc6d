namespace Failover.Election;

/// <summary>How long a recovered member must wait: doubled with each flap, halved with each calm time.</summary>
/// <param name="Level">How often the base is doubled.</param>
/// <param name="Stretch">The random part, from 0 to 1, drawn anew at each failover.</param>
/// <param name="LastFailover">When the level last changed; null before the first failover.</param>
internal readonly record struct HoldDown(int Level, double Stretch, TimeSpan? LastFailover)
{
    private const int MaxLevel = 30;
    private const double Jitter = 0.2;

    /// <summary>The group left its active member because it failed.</summary>
    internal HoldDown AfterFailover(TimeSpan now, TimeSpan calm, double stretch)
    {
        HoldDown rested = Rested(now, calm);
        int level = LastFailover is { } last && now - last < calm ? Math.Min(rested.Level + 1, MaxLevel) : rested.Level;
        return new(level, stretch, now);
    }

    /// <summary>How long a preferred member must have been healthy.</summary>
    internal TimeSpan Length(TimeSpan now, TimeSpan holdDown, TimeSpan max, TimeSpan calm)
    {
        double ticks = Math.Min(holdDown.Ticks * Math.Pow(2, Rested(now, calm).Level), max.Ticks);
        return TimeSpan.FromTicks((long)(ticks * (1 + (Jitter * Stretch))));
    }

    /// <summary>One level is forgotten with each calm time since the last failover.</summary>
    private HoldDown Rested(TimeSpan now, TimeSpan calm)
    {
        if (LastFailover is not { } last || Level == 0)
        {
            return this;
        }

        long calmTimes = (now - last).Ticks / calm.Ticks;
        return this with { Level = (int)Math.Max(0, Level - calmTimes) };
    }
}
