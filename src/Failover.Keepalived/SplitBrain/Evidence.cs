namespace Failover.Keepalived.SplitBrain;

/// <summary>What one detector has of another holder. One sight may be the end of a move: two of them, apart, are proof.</summary>
/// <param name="Who">Who was seen last; null if nobody is.</param>
/// <param name="First">When it was seen first.</param>
/// <param name="Last">When it was seen last.</param>
/// <param name="Linger">How long that counts.</param>
internal readonly record struct Evidence(string? Who, TimeSpan First, TimeSpan Last, TimeSpan Linger)
{
    /// <summary>How far apart two sights are to be: both nodes hold the address for some milliseconds of a planned move.</summary>
    internal static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a sight counts at least: three probes.</summary>
    internal static readonly TimeSpan ShortestLinger = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan LongestLinger = TimeSpan.FromMinutes(2);

    internal bool IsProof => Who is not null && Last - First >= Apart;

    /// <summary>Gets when it counts no longer; null if there is none.</summary>
    internal TimeSpan? Ends => Who is null ? null : Last + Linger;

    internal Evidence See(Sight sight, TimeSpan now)
    {
        TimeSpan linger = TimeSpan.FromTicks(Math.Clamp(3 * sight.Interval.Ticks, ShortestLinger.Ticks, LongestLinger.Ticks));
        return new(sight.Who, At(now).Who is null ? now : First, now, linger);
    }

    /// <summary>What of it counts still.</summary>
    internal Evidence At(TimeSpan now) => Ends <= now ? default : this;
}
