namespace Failover.Redis.Sentinel;

/// <summary>Wakes one who waits. Being woken before the wait counts; twice counts once. <see cref="Set"/> is safe for any thread.</summary>
/// <param name="time">The clock.</param>
internal sealed class Wake(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _woken = New();

    internal void Set()
    {
        lock (_gate)
        {
            _woken.TrySetResult();
        }
    }

    /// <summary>Waits until woken, but no longer than a while.</summary>
    internal async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Task woken;
        lock (_gate)
        {
            woken = _woken.Task;
        }

        if (limit == Timeout.InfiniteTimeSpan)
        {
            await woken.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (!woken.IsCompleted)
        {
            using CancellationTokenSource enough = new(limit, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enough.Token);
            await woken.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        lock (_gate)
        {
            if (_woken.Task.IsCompleted)
            {
                _woken = New();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
