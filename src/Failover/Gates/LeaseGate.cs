using Failover.Groups;
using Failover.Leases;
using Microsoft.Extensions.Logging;

namespace Failover.Gates;

/// <summary>A gate over a lease. It asks for the lease while somebody wants to pass, and for no longer.</summary>
internal sealed class LeaseGate(string name, LeaseArbiter arbiter, IFence? fence, TimeProvider time, ILogger logger) : IPrimaryGate, IAsyncDisposable, IDisposable
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
                _asking = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
                CancellationToken token = _asking.Token;
                Task before = _loop;
                _loop = Unflowed.Run(() => RunAsync(before, token));
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

    public async ValueTask DisposeAsync()
    {
        Task loop;
        Term? term;
        lock (_gate)
        {
            (loop, term) = (_loop, _term);
            _disposed.Cancel();
            _term = null;
            foreach (TaskCompletionSource<PrimaryScope> waiter in _waiting)
            {
                waiter.TrySetException(new ObjectDisposedException(typeof(IPrimaryGate).FullName));
            }

            _waiting.Clear();
            Tell(new());
        }

        await loop.ConfigureAwait(false);
        if (term is not null)
        {
            await term.Lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    // For a container that is not disposed of asynchronously. A store has a fifth of the lease to answer in.
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    /// <summary>Asks until the lease is held and all who wait have passed, or nobody waits any more.</summary>
    private async Task RunAsync(Task before, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(false);
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
    }

    private async Task<Passage> TryPassAsync(CancellationToken cancellationToken)
    {
        LeaseRun? lease = null;
        try
        {
            (lease, string? holder) = await arbiter.AskAsync(name, settles: fence is null, cancellationToken).ConfigureAwait(false);
            if (lease is null)
            {
                Told(new() { Holder = holder });
                return Passage.Held;
            }

            if (fence is not null && await WhyNotSettledAsync(lease, fence, cancellationToken).ConfigureAwait(false) is { } why)
            {
                Told(new() { Problem = why });
                await lease.DisposeAsync().ConfigureAwait(false);
                return Passage.Failed;
            }
        }
        catch (LeaseStoreException failure)
        {
            Told(new() { Problem = failure.Message });
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
        CancellationToken token = either.Token;
        string? former = lease.Grant.Unreleased;
        try
        {
            if (former is not null && !string.Equals(former, arbiter.Options.Holder, StringComparison.OrdinalIgnoreCase))
            {
                FenceResult result = await Task.Run(async () => await fence.FenceAsync(new(name, former, null, lease.Token), token).ConfigureAwait(false), CancellationToken.None).WaitAsync(token).ConfigureAwait(false);
                if (!result.Succeeded)
                {
                    return $"{former} could not be fenced: {result.Evidence}";
                }
            }

            return await lease.SettleAsync(token).ConfigureAwait(false) ? null : LeaseFold.NotOurs;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{former ?? name} could not be {(former is null ? "settled" : "fenced")}: {(lease.Lost.IsCancellationRequested ? "the lease was lost" : LeaseArbiter.EvidenceOf(exception))}";
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
            PrimaryGateState passed = new() { IsPrimary = true, Token = lease.Token, Holder = arbiter.Options.Holder };
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
        }

        return term.Lease.DisposeAsync();
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

    /// <summary>One time of being primary.</summary>
    private sealed class Term(LeaseRun lease)
    {
        internal LeaseRun Lease => lease;

        internal int Users { get; set; }
    }

    private sealed class Scope : PrimaryScope
    {
        private readonly LeaseGate _gate;
        private readonly Term _term;
        private readonly CancellationTokenSource _left;
        private int _isLeft;

        internal Scope(LeaseGate gate, Term term)
        {
            (_gate, _term) = (gate, term);
            _left = CancellationTokenSource.CreateLinkedTokenSource(term.Lease.Lost);
            Lost = _left.Token;
        }

        public override long? Token => _term.Lease.Token;

        public override string? Lineage => _term.Lease.Lineage;

        public override CancellationToken Lost { get; }

        public override bool IsPrimary => _term.Lease.IsValid && !Lost.IsCancellationRequested;

        public override async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                await _left.CancelAsync().ConfigureAwait(false);
                _left.Dispose();
                await _gate.LeaveAsync(_term).ConfigureAwait(false);
            }
        }
    }
}
