namespace Failover;

/// <summary>What a <see cref="MemberMeter"/> showed at one instant. Counts are totals since the meter was made.</summary>
public readonly record struct MeterReading
{
    /// <summary>Gets how many calls succeeded.</summary>
    public long Succeeded { get; init; }

    /// <summary>Gets how many calls failed in a way that says something of the member.</summary>
    public long Failed { get; init; }

    /// <summary>Gets how many calls failed in a way that may as well be the call's own fault; a probe must confirm them before they count. Those that stand here only until it is known how the next member fared are taken out again.</summary>
    public long Disputed { get; init; }

    /// <summary>Gets how many calls failed since the last success.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>Gets how often the member told a call that it is leaving; what many calls are told within a second counts once.</summary>
    public long Drains { get; init; }

    /// <summary>Gets for how long it asked to be left alone when it last told so; zero if it never did.</summary>
    public TimeSpan DrainFor { get; init; }

    /// <summary>Gets how many calls were told to come later.</summary>
    public long PutOff { get; init; }

    /// <summary>Gets how many calls wait for their answer now. Above the meter's places (64) it is a lower bound.</summary>
    public int Waiting { get; init; }

    /// <summary>Gets how many of the waiting calls are older than the hang age, and older than the last success.</summary>
    public int Overdue { get; init; }

    /// <summary>Gets the age of the oldest waiting call; zero if none waits.</summary>
    public TimeSpan OldestWaiting { get; init; }
}
