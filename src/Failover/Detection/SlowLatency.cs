namespace Failover.Detection;

/// <summary>
/// How long the slow calls of one kind take: jumps up to each longer sample and sinks slowly towards the others, like a high quantile that needs no history.
/// Written by many threads without a lock; a sample that is lost in a race is one of thousands.
/// </summary>
internal struct SlowLatency
{
    /// <summary>After about this many shorter samples two thirds of the way down are gone.</summary>
    private const int Memory = 128;

    private long _ticks;

    internal readonly TimeSpan Value => new(Volatile.Read(in _ticks));

    internal void Add(long sample)
    {
        long known = Volatile.Read(ref _ticks);
        Volatile.Write(ref _ticks, sample >= known ? sample : known - ((known - sample) / Memory));
    }
}
