using System.Diagnostics.CodeAnalysis;

namespace Failover.HealthChecks.Checks.ThreadPools;

/// <summary>A work item that tells how long it waited for a thread.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The event's wait handle is never made, so there is nothing to dispose of.")]
internal sealed class QueuedItem(TimeProvider time) : IThreadPoolWorkItem
{
    private readonly long _queued = time.GetTimestamp();
    private readonly ManualResetEventSlim _ran = new();
    private TimeSpan _waited;

    internal bool HasRun => _ran.IsSet;

    /// <summary>How long it waited; or how long it has waited so far.</summary>
    internal TimeSpan Waited => _ran.IsSet ? _waited : time.GetElapsedTime(_queued);

    public void Execute()
    {
        _waited = time.GetElapsedTime(_queued);
        _ran.Set();
    }

    /// <summary>Blocks until it has run, or the limit is over: false.</summary>
    internal bool Wait(TimeSpan limit, CancellationToken cancellationToken) => _ran.Wait(limit, cancellationToken);
}
