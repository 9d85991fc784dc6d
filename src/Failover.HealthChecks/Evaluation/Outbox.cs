namespace Failover.HealthChecks.Evaluation;

/// <summary>
/// Calls what is not ours (loggers, listeners of metrics) one after the other, on the thread pool: never under a lock, never on the thread of somebody who reads. What throws there ends nothing, and what blocks there holds up
/// nothing but those that come after it.
/// </summary>
internal sealed class Outbox : IThreadPoolWorkItem
{
    /// <summary>How many may wait. Only a logger that blocks lets them become many; what comes then is lost.</summary>
    private const int Most = 1_000;

    private readonly Queue<Action> _waiting = new();
    private bool _isCalling;

    internal void Add(Action call)
    {
        lock (_waiting)
        {
            if (_waiting.Count == Most)
            {
                return;
            }

            _waiting.Enqueue(call);
            if (_isCalling)
            {
                return;
            }

            _isCalling = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (Next() is { } call)
        {
            try
            {
                call();
            }
#pragma warning disable CA1031 // A logger that throws: there is nobody else to tell it to.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    }

    private Action? Next()
    {
        lock (_waiting)
        {
            _isCalling = _waiting.TryDequeue(out Action? call);
            return call;
        }
    }
}
