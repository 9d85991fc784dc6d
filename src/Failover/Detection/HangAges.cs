namespace Failover.Detection;

/// <summary>From which age on a waiting call is overdue.</summary>
/// <param name="Read">The least age for calls that only ask.</param>
/// <param name="Write">The least age for all others.</param>
/// <param name="Max">What the age never exceeds, however slow the member is.</param>
internal readonly record struct HangAges(TimeSpan Read, TimeSpan Write, TimeSpan Max)
{
    /// <summary>A call is overdue when it has waited four times as long as the slow ones of its kind took of late: a guess that only makes the group look, since a probe decides.</summary>
    private const int Factor = 4;

    /// <summary>How often waiting calls should be looked at.</summary>
    internal TimeSpan Pace => (Read < Write ? Read : Write) / 4;

    /// <param name="kind">The kind of call.</param>
    /// <param name="slow">How long the slow ones of its kind took of late; zero if nothing is known.</param>
    internal TimeSpan For(CallKind kind, TimeSpan slow)
    {
        TimeSpan least = kind == CallKind.Read ? Read : Write;
        TimeSpan age = slow * Factor;
        return age < least ? least : age > Max ? Max : age;
    }
}
