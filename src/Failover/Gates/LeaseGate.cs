using Failover.Groups;
using Failover.Leases;
using Microsoft.Extensions.Logging;

namespace Failover.Gates;

/// <summary>A gate over a lease. It asks for the lease while somebody wants to pass, and for no longer.</summary>
internal sealed partial class LeaseGate(string name, LeaseArbiter arbiter, IFence? fence, TimeProvider time, ILogger logger) : IPrimaryGate, IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly List<TaskCompletionSource<PrimaryScope>> _waiting = [];
    private Term? _term;
    private CancellationTokenSource? _asking;
    private Task _loop = Task.CompletedTask;
    private volatile PrimaryGateState _state = new();

    public string Name => name;

    public PrimaryGateState State
    {
        get
        {
            PrimaryGateState state = _state;
            return state.IsPrimary && _term is not { Lease.IsValid: true } ? state with { IsPrimary = false, Token = null, Holder = null } : state;
        }
    }

    public async ValueTask<PrimaryScope> WaitForPrimaryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<PrimaryScope> waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, typeof(IPrimaryGate));
            if (_term is { Lease.IsValid: true } term)
            {
                return Enter(term);
            }

            _waiting.Add(waiter);
            Tell(_state);
            if (_asking is null)
            {
                CancellationTokenSource asking = _asking = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
                Task before = _loop;
                _loop = Unflowed.Run(() => RunAsync(before, asking));
            }
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                (LeaseGate gate, TaskCompletionSource<PrimaryScope> waiter) = ((LeaseGate, TaskCompletionSource<PrimaryScope>))state!;
                gate.Leave(waiter, token);
            },
            (this, waiter));
        return await waiter.Task.ConfigureAwait(false);
    }

    /// <summary>Who is inside may be in the midst of its work: the lease goes to the next one when the last has left, or when it runs out.</summary>
    public async ValueTask DisposeAsync()
    {
        Task loop;
        Term? term;
        lock (_gate)
        {
            (loop, term) = (_loop, _term);
            _ = _disposed.CancelAsync();
            _term = null;
            foreach (TaskCompletionSource<PrimaryScope> waiter in _waiting)
            {
                waiter.TrySetException(new ObjectDisposedException(typeof(IPrimaryGate).FullName));
            }

            _waiting.Clear();
            Tell(new());
        }

        term?.Lease.End("the gate was disposed of while somebody was inside");
        await loop.ConfigureAwait(false);
    }

    // For a container that is not disposed of asynchronously. A store has a fifth of the lease to answer in.
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    /// <summary>Asks until the lease is held and all who wait have passed, or nobody waits any more.</summary>
    private async Task RunAsync(Task before, CancellationTokenSource asking)
    {
        await before.ConfigureAwait(false);
        CancellationToken cancellationToken = asking.Token;
        try
        {
            while (true)
            {
                switch (await TryPassAsync(cancellationToken).ConfigureAwait(false))
                {
                    case Passage.Open:
                        return;
                    case Passage.Held:
                        await arbiter.WaitAsync(name, cancellationToken).ConfigureAwait(false);
                        break;
                    default:
                        // What a fence failed for is free now, for another host that may be able to fence; here it is not asked for again at once.
                        await Task.Delay(arbiter.Options.RetryInterval, time, cancellationToken).ConfigureAwait(false);
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any more.
        }
        finally
        {
            asking.Dispose();
        }
    }

    private async Task<Passage> TryPassAsync(CancellationToken cancellationToken)
    {
        LeaseRun? lease = null;
        try
        {
            (lease, string? holder) = await arbiter.AskAsync(name, settles: fence is null, cancellationToken).ConfigureAwait(false);
            if (lease is null)
            {
                Told(new() { HasAnswer = true, Holder = holder });
                return Passage.Held;
            }

            if (fence is not null && await WhyNotSettledAsync(lease, fence, cancellationToken).ConfigureAwait(false) is { } why)
            {
                Told(new() { Problem = why });
                await lease.DisposeAsync().ConfigureAwait(false);
                return Passage.Failed;
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Told(new() { Problem = LeaseArbiter.EvidenceOf(failure) });
            return Passage.Failed;
        }
        catch (OperationCanceledException) when (lease is not null)
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        if (!Pass(lease))
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw new OperationCanceledException();
        }

        return Passage.Open;
    }

    /// <summary>Who let the lease run out, and may still act, is fenced first. A former process of this host is not: that would be this host. Returns null when all is settled, or why it is not.</summary>
    private async Task<string?> WhyNotSettledAsync(LeaseRun lease, IFence fence, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, cancellationToken);
        string? former = lease.Grant.Unreleased;
        if (former is not null && !string.Equals(former, arbiter.Options.Holder, StringComparison.OrdinalIgnoreCase))
        {
            FenceResult result = await Fencer.FenceAsync(fence, new(name, former, null, lease.Token), time, either.Token).ConfigureAwait(false);
            if (!result.Succeeded)
            {
                return $"{former} could not be fenced: {result.Evidence}";
            }
        }

        try
        {
            return await lease.SettleAsync(either.Token).ConfigureAwait(false) ? null : LeaseFold.NotOurs;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{former ?? name} could not be settled: {(lease.Lost.IsCancellationRequested ? "the lease was lost" : LeaseArbiter.EvidenceOf(exception))}";
        }
    }

    private bool Pass(LeaseRun lease)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 || _disposed.IsCancellationRequested)
            {
                return false;
            }

            Term term = new(lease);
            (_term, _asking) = (term, null);
            foreach (TaskCompletionSource<PrimaryScope> waiter in _waiting)
            {
                // All that wait are in the list: nobody who was cancelled is.
                waiter.SetResult(Enter(term));
            }

            _waiting.Clear();
            PrimaryGateState passed = new() { HasAnswer = true, IsPrimary = true, Token = lease.Token, Holder = arbiter.Options.Holder };
            LogChange(passed);
            Tell(passed);
        }

        lease.Lost.UnsafeRegister(_ => Ended(lease), null);
        return true;
    }

    private Scope Enter(Term term)
    {
        term.Users++;
        Tell(_state);
        return new(this, term);
    }

    private void Leave(TaskCompletionSource<PrimaryScope> waiter, CancellationToken token)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(waiter))
            {
                return;
            }

            if (_waiting.Count == 0)
            {
                _ = _asking!.CancelAsync();
                _asking = null;
                Tell(new());
            }
        }

        waiter.TrySetCanceled(token);
    }

    /// <summary>The last that leaves hands over.</summary>
    private ValueTask LeaveAsync(Term term)
    {
        lock (_gate)
        {
            if (--term.Users > 0)
            {
                Tell(_state);
                return ValueTask.CompletedTask;
            }

            // Who comes from now on asks when it has been given back: before that he would find it held, by nobody.
            Task given = term.Lease.DisposeAsync().AsTask();
            _loop = _loop.IsCompleted ? given : Task.WhenAll(_loop, given);
            if (_term == term)
            {
                _term = null;
                Tell(new());
            }

            return new(given);
        }
    }

    private void Ended(LeaseRun lease)
    {
        lock (_gate)
        {
            if (_term?.Lease == lease)
            {
                _term = null;
                Tell(new());
            }
        }
    }

    private void Told(PrimaryGateState state)
    {
        lock (_gate)
        {
            if (_asking is null)
            {
                return;
            }

            LogChange(state);
            Tell(state);
        }
    }

    private void LogChange(PrimaryGateState state)
    {
        if (state.Problem is { } problem && problem != _state.Problem)
        {
            Log.GateBlocked(logger, name, problem);
        }
        else if (state.Problem is null && _state.Problem is not null)
        {
            Log.GateUnblocked(logger, name);
        }
    }

    private void Tell(PrimaryGateState state) => _state = state with { Users = _waiting.Count + (_term?.Users ?? 0) };

    private enum Passage
    {
        Open,
        Held,
        Failed,
    }
}
