namespace Failover.Groups;

/// <summary>
/// Hands values to a handler on the thread pool: one at a time, in order. What waits is bounded: when it is full, a new value is merged into the last one that waits.
/// </summary>
internal sealed class SerialWorker<T>(int capacity, Func<T, T, T> merge, Func<T, ValueTask> handle)
{
    private readonly List<T> _waiting = [];
    private bool _running;
    private TaskCompletionSource? _idle;

    internal void Post(T value)
    {
        lock (_waiting)
        {
            if (_waiting.Count == capacity)
            {
                _waiting[^1] = merge(_waiting[^1], value);
            }
            else
            {
                _waiting.Add(value);
            }

            if (_running)
            {
                return;
            }

            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static worker => _ = worker.RunAsync(), this, preferLocal: false);
    }

    /// <summary>Ends when nothing waits or is being handled.</summary>
    internal Task WhenIdleAsync()
    {
        lock (_waiting)
        {
            return _running ? (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }
    }

    /// <summary>Takes the newest value that waits, for a handler that wants to try again with what is true now.</summary>
    internal T NewestOr(T value)
    {
        lock (_waiting)
        {
            if (_waiting.Count > 0)
            {
                value = _waiting[^1];
                _waiting.Clear();
            }

            return value;
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            T value;
            lock (_waiting)
            {
                if (_waiting.Count == 0)
                {
                    _running = false;
                    _idle?.TrySetResult();
                    _idle = null;
                    return;
                }

                value = _waiting[0];
                _waiting.RemoveAt(0);
            }

            // Handlers catch and log what goes wrong in them.
            await handle(value).ConfigureAwait(false);
        }
    }
}
