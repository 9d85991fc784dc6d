using System.Collections.Concurrent;
using System.Diagnostics;

namespace Quickstart.Load;

/// <summary>All that was sent, in one place and on one clock.</summary>
internal sealed class LoadLog
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _phase;

    internal ConcurrentQueue<Call> Calls { get; } = new();

    internal ConcurrentQueue<Attempt> Attempts { get; } = new();

    /// <summary>The time since the story began.</summary>
    internal TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <summary>The number of the phase that is played now.</summary>
    internal int Phase
    {
        get => Volatile.Read(ref _phase);
        set => Volatile.Write(ref _phase, value);
    }
}
