namespace Failover.HealthChecks.Peers;

/// <summary>How far two clocks are apart.</summary>
internal static class ClockOffset
{
    /// <param name="there">What the peer's clock said, in milliseconds since 1970.</param>
    /// <param name="asked">What ours said when it was asked.</param>
    /// <param name="took">How long the answer took. The peer looked at its clock at some time of that, so half of it explains as much of a difference.</param>
    internal static TimeSpan Of(long there, DateTimeOffset asked, TimeSpan took)
    {
        TimeSpan half = took / 2;
        TimeSpan offset = DateTimeOffset.FromUnixTimeMilliseconds(there) - (asked + half);
        return offset > half ? offset - half : offset < -half ? offset + half : TimeSpan.Zero;
    }
}
