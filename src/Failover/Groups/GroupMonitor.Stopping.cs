namespace Failover.Groups;

/// <summary>The end of a group.</summary>
internal sealed partial class GroupMonitor : IAsyncDisposable
{
    private static readonly TimeSpan MaxGoodbye = TimeSpan.FromSeconds(5);

    private TaskCompletionSource? _ended;

    public async ValueTask DisposeAsync()
    {
        if (!Stop())
        {
            await _ended!.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            Farewell();
            if (_outlets is { } outlets)
            {
                await outlets.StopAsync(_state!.Epochs).WaitAsync(MaxGoodbye, _parts.Time).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            Log.EffectFault(_parts.Logger, Name, exception);
        }
        finally
        {
            _ended!.TrySetResult();
        }
    }

    /// <returns>Whether this is the first call.</returns>
    private bool Stop()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return false;
            }

            _stopped = true;
            _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    /// <summary>Nothing is folded any more: ends what runs and tells those who wait.</summary>
    private void Farewell()
    {
        _timer?.Dispose();
        _parts.Telemetry.Remove(this);
        foreach (MemberRuntime member in _members.Members)
        {
            member.Probe?.Abort();
        }

        ObjectDisposedException end = new(nameof(FailoverGroup), $"The group {Name} was disposed of.");
        _activeWaiters?.TrySetException(end);
        _readers?.Complete();
        foreach (TaskCompletionSource<Switchover> wait in _switches?.Values ?? Enumerable.Empty<TaskCompletionSource<Switchover>>())
        {
            wait.TrySetException(end);
        }

        if (Snapshot is not null)
        {
            Log.GroupStopped(_parts.Logger, Name);
        }
    }
}
