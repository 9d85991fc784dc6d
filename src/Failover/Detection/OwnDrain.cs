namespace Failover.Detection;

/// <summary>A member's own word to a call that it is leaving, as its meter keeps it: the last of them.</summary>
/// <param name="Number">Which one it is, counted from 1.</param>
/// <param name="At">When it was told, on the meter's clock.</param>
/// <param name="For">For how long it should be left alone.</param>
internal sealed record OwnDrain(long Number, long At, TimeSpan For)
{
    /// <summary>How long a member's own word counts, unless it says it again: it may have been wrong, and nobody but itself can take it back.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>The word that follows this one; the same one if it says nothing new: a server that leaves says so in each answer.</summary>
    internal static OwnDrain Next(OwnDrain? last, long now, TimeSpan duration)
    {
        duration = duration < Longest ? duration : Longest;
        bool isSame = last is not null && now - last.At < TimeSpan.TicksPerSecond && now + duration.Ticks - (last.At + last.For.Ticks) < TimeSpan.TicksPerSecond;
        return isSame ? last! : new((last?.Number ?? 0) + 1, now, duration);
    }
}
