namespace Failover.Keepalived.Gates;

/// <summary>
/// Lets pass while this node holds a virtual address. <b>It has no fencing token</b>: nothing outside can tell a former holder from the present one. The address moves without asking who is inside here: he is told by
/// <see cref="PrimaryScope.Lost"/>, at once, when this process hears of it, while the peer may have begun; both are let in while both hold the address, and a process that was paused acts until it has heard. Who disposes of his scope
/// does not hand the address over. With a lease beside it both must be held, and the scope has the lease's token: then one acts at a time, as far as the lease goes.
/// </summary>
/// <param name="name">The name.</param>
/// <param name="source">Says who holds the address.</param>
/// <param name="lease">A gate over a lease that must be passed, too; null for none. Not disposed of here.</param>
internal sealed partial class AddressGate(string name, IAddressSource source, IPrimaryGate? lease) : IPrimaryGate, IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<Term> _opening = Closed();
    private Term? _term;
    private int _users;
    private bool _isDisposed;

    public string Name => name;

    public PrimaryGateState State
    {
        get
        {
            bool isHeld = Volatile.Read(ref _term) is not null && Holds;
            PrimaryGateState state = isHeld && lease is not null ? lease.State : new() { IsPrimary = isHeld, HasAnswer = true };
            return state with { Holder = state.Holder ?? source.Holder, Problem = source.Problem ?? state.Problem, Users = Volatile.Read(ref _users) };
        }
    }

    private bool Holds => source.IsHeld;

    /// <summary>Begins to follow the source.</summary>
    internal AddressGate Start()
    {
        source.Changed += Look;
        lock (_gate)
        {
            // In here: what is told of a change that comes meanwhile is heard after this.
            Look(source.IsHeld);
        }

        return this;
    }

    public async ValueTask<PrimaryScope> WaitForPrimaryAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _users);
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Term term = await Opening().WaitAsync(cancellationToken).ConfigureAwait(false);
                if (await TryEnterAsync(term, cancellationToken).ConfigureAwait(false) is { } scope)
                {
                    return scope;
                }
            }
        }
        catch
        {
            Interlocked.Decrement(ref _users);
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        source.Changed -= Look;
        lock (_gate)
        {
            _isDisposed = true;
            if (_opening.TrySetException(new ObjectDisposedException(typeof(IPrimaryGate).FullName)))
            {
                // Where nobody waits, nobody would have seen it.
                _ = _opening.Task.Exception;
            }
        }

        Look(isHeld: false);
    }

    private static TaskCompletionSource<Term> Closed() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Look(bool isHeld)
    {
        Term? over = null;
        lock (_gate)
        {
            isHeld &= !_isDisposed;
            if (isHeld == (_term is not null))
            {
                return;
            }

            if (isHeld)
            {
                _term = new();
                _opening.SetResult(_term);
            }
            else
            {
                (over, _term, _opening) = (_term, null, Closed());
            }
        }

        over?.End();
    }

    private Task<Term> Opening()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(IPrimaryGate));
            return _opening.Task;
        }
    }

    /// <summary>Passes the lease, too, where there is one; null if the address has gone meanwhile.</summary>
    private async Task<PrimaryScope?> TryEnterAsync(Term term, CancellationToken cancellationToken)
    {
        if (lease is null)
        {
            return term.IsOver ? null : new Scope(this, term, null);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(term.Lost, cancellationToken);
        try
        {
            PrimaryScope leased = await lease.WaitForPrimaryAsync(either.Token).ConfigureAwait(false);
            if (!term.IsOver)
            {
                return new Scope(this, term, leased);
            }

            await leased.DisposeAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (term.IsOver && !cancellationToken.IsCancellationRequested)
        {
            // It is waited for anew.
        }

        return null;
    }
}
