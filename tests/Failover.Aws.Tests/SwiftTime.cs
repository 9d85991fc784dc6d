namespace Failover.Aws.Tests;

/// <summary>A clock that runs twenty times as fast: pauses of seconds are real ones, and short. What ends a request after <see cref="Limit"/> waits in real time: a busy machine is no outcome.</summary>
internal sealed class SwiftTime : TimeProvider
{
    /// <summary>How long a request of a test may take.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private const int Speed = 20;

    private readonly DateTimeOffset _begin = System.GetUtcNow();
    private readonly long _timestamp = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _begin + (System.GetElapsedTime(_timestamp) * Speed);

    public override long GetTimestamp() => (System.GetTimestamp() - _timestamp) * Speed;

    public override long TimestampFrequency => System.TimestampFrequency;

    /// <summary>Gets or sets what is told of each timer: how long it is to wait.</summary>
    internal Action<TimeSpan> TimerMade { get; set; } = static _ => { };

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        TimerMade(dueTime);
        return System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));
    }

    private static TimeSpan Scaled(TimeSpan time) => time > TimeSpan.Zero && time < Limit ? time / Speed : time;
}
