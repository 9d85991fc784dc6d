using Failover.Engine;
using Microsoft.Extensions.Primitives;

namespace Failover.Groups;

/// <summary>Those who wait for a group, and those who listen to it.</summary>
internal sealed partial class GroupMonitor
{
    private TaskCompletionSource<FailoverMember>? _activeWaiters;
    private CancellationTokenSource? _change;
    private SwitchoverReaders? _readers;
    private Switchover? _lastCompleted;

    internal Task<FailoverMember> WaitForActiveAsync(CancellationToken cancellationToken)
    {
        Start();
        lock (_gate)
        {
            ThrowIfStopped();
            if (Snapshot!.Active is { } active)
            {
                return Task.FromResult(active);
            }

            _activeWaiters ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _activeWaiters.Task.WaitAsync(cancellationToken);
        }
    }

    internal IAsyncEnumerable<Switchover> ReadSwitchoversAsync(CancellationToken cancellationToken)
    {
        SwitchoverReaders readers;
        lock (_gate)
        {
            readers = _readers ??= new(_parts);
            if (_stopped)
            {
                readers.Complete();
            }
        }

        IAsyncEnumerable<Switchover> switchovers = readers.Add(cancellationToken);
        if (!_stopped)
        {
            Start();
        }

        return switchovers;
    }

    internal IChangeToken GetChangeToken()
    {
        Start();
        lock (_gate)
        {
            return new CancellationChangeToken((_change ??= new()).Token);
        }
    }

    /// <summary>Ends the waits for a switchover that is final.</summary>
    internal void Tell(Switchover switchover)
    {
        _readers?.Publish(switchover);
        if (!switchover.IsFinal)
        {
            return;
        }

        TaskCompletionSource<Switchover>? wait = null;
        lock (_gate)
        {
            _switches?.Remove(switchover.Id, out wait);
        }

        wait?.TrySetResult(switchover);
    }

    /// <summary>Keeps the switchover that made the active member so, for those who ask for it again.</summary>
    private void Remember(IReadOnlyList<GroupEffect> effects)
    {
        for (int i = 0; i < effects.Count; i++)
        {
            if (effects[i] is Publish { Switchover: { Outcome: SwitchoverOutcome.Completed } switchover })
            {
                _lastCompleted = switchover;
            }
        }
    }

    /// <summary>What callers go by has changed. Under the lock: what waits is woken on other threads.</summary>
    private void Changed(GroupSnapshot now)
    {
        if (now.Active is { } active)
        {
            _activeWaiters?.TrySetResult(active);
            _activeWaiters = null;
        }

        if (_change is { } change)
        {
            _change = null;
            ThreadPool.UnsafeQueueUserWorkItem(Fire, change, preferLocal: false);
        }
    }

    /// <summary>Fires the tokens of the members that have just been given up.</summary>
    private void TellGivenUp(GroupSnapshot? before, GroupSnapshot after)
    {
        if (before is null || before.Members == after.Members)
        {
            return;
        }

        foreach (MemberSnapshot then in before.Members)
        {
            foreach (MemberSnapshot now in after.Members)
            {
                if (now.Incarnation == then.Incarnation && !ReferenceEquals(now.GivenUpSource, then.GivenUpSource))
                {
                    ThreadPool.UnsafeQueueUserWorkItem(Fire, then.GivenUpSource, preferLocal: false);
                }
            }
        }
    }

    private void Fire(CancellationTokenSource change)
    {
        try
        {
            change.Cancel();
        }
        catch (AggregateException exception)
        {
            Log.EffectFault(_parts.Logger, Name, exception);
        }
    }
}
