namespace Failover.Aws.Tests;

/// <summary>A clock that runs twenty times as fast: pauses of seconds are real ones, and short.</summary>
internal sealed class SwiftTime : TimeProvider
{
    private const int Speed = 20;

    private readonly DateTimeOffset _begin = System.GetUtcNow();
    private readonly long _timestamp = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _begin + (System.GetElapsedTime(_timestamp) * Speed) + Off;

    public override long GetTimestamp() => (System.GetTimestamp() - _timestamp) * Speed;

    public override long TimestampFrequency => System.TimestampFrequency;

    /// <summary>Gets by how much it is off.</summary>
    internal TimeSpan Off { get; init; }

    /// <summary>Gets or sets what is told of each timer: how long it is to wait.</summary>
    internal Action<TimeSpan> TimerMade { get; set; } = static _ => { };

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        TimerMade(dueTime);
        return System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));
    }

    private static TimeSpan Scaled(TimeSpan time) => time > TimeSpan.Zero ? time / Speed : time;
}
