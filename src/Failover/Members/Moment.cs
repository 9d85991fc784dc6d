namespace Failover;

/// <summary>
/// An instant on the monotonic clock of one group, or of the health of this node, with the wall clock's reading beside it. Differences are taken between <see cref="Elapsed"/> values
/// only, so that a jump of the wall clock never changes a duration.
/// </summary>
/// <param name="Elapsed">The time since the group, or the evaluation of the health, was made.</param>
/// <param name="Utc">What the wall clock said then.</param>
public readonly record struct Moment(TimeSpan Elapsed, DateTimeOffset Utc)
{
    // Half the size of a DateTimeOffset, whose offset is always zero here: groups hold many of these.
    private readonly long _utcTicks = Utc.UtcTicks;

    /// <summary>Gets what the wall clock said then, in UTC.</summary>
    public DateTimeOffset Utc
    {
        get => new(_utcTicks, TimeSpan.Zero);
        init => _utcTicks = value.UtcTicks;
    }

    /// <summary>Returns the time from <paramref name="earlier"/> to this moment.</summary>
    public TimeSpan Since(Moment earlier) => Elapsed - earlier.Elapsed;
}
