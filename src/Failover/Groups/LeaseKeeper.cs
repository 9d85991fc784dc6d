namespace Failover.Groups;

/// <summary>
/// Asks the arbiter for the lease, holds it while it is used, and notices its loss. It is asked for once at the start, so that an arbiter that makes the first holder wait does so before anybody needs it; and it is given back after
/// a rest: a host that dies with the member that is to be left would else keep it from the others until it runs out.
/// </summary>
internal sealed class LeaseKeeper(GroupMonitor monitor, GroupParts parts, IArbiter arbiter, CancellationToken stopping)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>So long a lease is kept that nobody acts under: what has just been switched may have to be switched again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Later = TimeSpan.FromSeconds(30);

    /// <summary>An arbiter that does not wait is not asked oftener than so.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private ILease? _lease;
    private Task _acting = Task.CompletedTask;
    private ITimer? _rest;
    private ITimer? _later;
    private bool _released;
    private bool _isAsking;
    private bool _hasHeld;

    /// <summary>Why the arbiter could not be asked last: it is told once, not at each try. One asks at a time.</summary>
    private string? _problem;

    /// <summary>Asks, unless it is being asked. The answer is an event: granted, or lost.</summary>
    internal void Acquire()
    {
        if (!Interlocked.Exchange(ref _isAsking, true))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static keeper => _ = keeper.AcquireAsync(), this, preferLocal: false);
        }
    }

    /// <summary>Gives a token that is cancelled when the lease with this fencing token is lost: at once if it is not held.</summary>
    internal CancellationToken LostToken(long token)
    {
        lock (_gate)
        {
            return _lease is { } lease && lease.Token == token ? lease.Lost : new(canceled: true);
        }
    }

    /// <summary>Returns whether the lease with this fencing token is held at this instant: in a process that was paused, the token above may not have come to be cancelled yet.</summary>
    internal bool IsHeld(long token)
    {
        lock (_gate)
        {
            return _lease is { IsValid: true } lease && lease.Token == token;
        }
    }

    /// <summary>Takes in what acts under the lease: nobody else is let in before it has ended, also if the lease is lost meanwhile, or the group stops.</summary>
    internal void ActsUntil(Task acting)
    {
        lock (_gate)
        {
            _acting = acting;
        }

        _ = acting.ContinueWith(static (_, keeper) => ((LeaseKeeper)keeper!).RestsFromNow(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    internal Task ReleaseAsync()
    {
        ILease? lease;
        lock (_gate)
        {
            _released = true;
            (lease, _lease) = (_lease, null);
            _rest?.Dispose();
            _later?.Dispose();
        }

        return lease is null ? Task.CompletedTask : DisposeAsync(lease);
    }

    private async Task AcquireAsync()
    {
        ILease? lease;
        lock (_gate)
        {
            lease = _lease;
        }

        if (lease is { IsValid: true })
        {
            // Its answer and this question have crossed.
            Answer(new Engine.LeaseGranted(lease.Token));
            RestsFromNow();
            return;
        }

        try
        {
            lease = await AskAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!stopping.IsCancellationRequested)
            {
                string problem = Evidence.Of(exception);
                if (problem != _problem)
                {
                    Log.LeaseFailed(parts.Logger, parts.Name, problem);
                }

                _problem = problem;
                Answer(new Engine.LeaseLost());
                TryLater();
            }

            return;
        }

        _problem = null;
        if (lease is null)
        {
            Log.LeaseNotGranted(parts.Logger, parts.Name);
            bool mayBeFree = await WaitAsync().ConfigureAwait(false);
            Answer(new Engine.LeaseLost(AskAgain: mayBeFree));
            if (mayBeFree)
            {
                // An arbiter that is new lets nobody in for as long as a lease lasts: that is waited for now, not in a failover.
                AcquireFirst();
            }

            return;
        }

        await HoldAsync(lease).ConfigureAwait(false);
    }

    /// <summary>The arbiter was away: it is asked again until the lease was held once.</summary>
    private void TryLater()
    {
        lock (_gate)
        {
            if (!_hasHeld && !_released)
            {
                // One timer, however often it is asked meanwhile: the engine has a pace of its own.
                _later ??= parts.Time.CreateTimer(static keeper => ((LeaseKeeper)keeper!).AcquireFirst(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _later.Change(Later, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void AcquireFirst()
    {
        if (!Volatile.Read(ref _hasHeld) && !stopping.IsCancellationRequested)
        {
            Acquire();
        }
    }

    /// <summary>From here on it may be asked again: before the engine hears the answer, which may ask at once.</summary>
    private void Answer(Engine.GroupEvent answer)
    {
        Volatile.Write(ref _isAsking, false);
        monitor.Post(answer);
    }

    /// <summary>Waits until the lease may be free: a holder that died with the member that it should leave must not be waited for longer than its lease lasts. False if that cannot be waited for.</summary>
    private async Task<bool> WaitAsync()
    {
        using CancellationTokenSource limit = new(Limit, parts.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        CancellationToken token = either.Token;
        long since = parts.Time.GetTimestamp();
        try
        {
            Task free = Task.Run(async () => await arbiter.WaitAsync(parts.Name, token).ConfigureAwait(false), CancellationToken.None);
            await free.WaitAsync(token).ConfigureAwait(false);
            TimeSpan rest = Breath - parts.Time.GetElapsedTime(since);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, parts.Time, token).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception exception)
        {
            // One that cannot wait is asked at the group's own pace.
            return exception is OperationCanceledException && limit.IsCancellationRequested;
        }
    }

    /// <summary>The limit holds even if the arbiter ignores its token or blocks; a lease that comes after it is given back.</summary>
    private async Task<ILease?> AskAsync()
    {
        using CancellationTokenSource limit = new(Limit, parts.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        CancellationToken token = either.Token;
        Task<ILease?> asked = Task.Run(async () => await arbiter.TryAcquireAsync(parts.Name, token).ConfigureAwait(false), CancellationToken.None);
        try
        {
            return await asked.WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = GiveBackAsync(asked);
            throw;
        }
    }

    private async Task GiveBackAsync(Task<ILease?> asked)
    {
        try
        {
            if (await asked.ConfigureAwait(false) is { } late)
            {
                await DisposeAsync(late).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            Log.LeaseFailed(parts.Logger, parts.Name, Evidence.Of(exception));
        }
    }

    private async Task HoldAsync(ILease lease)
    {
        ILease? old;
        bool released;
        lock (_gate)
        {
            released = _released;
            (old, _lease) = (_lease, released ? null : lease);
        }

        if (old is not null)
        {
            await DisposeAsync(old).ConfigureAwait(false);
        }

        if (released)
        {
            await DisposeAsync(lease).ConfigureAwait(false);
            return;
        }

        Volatile.Write(ref _hasHeld, true);
        Log.LeaseGranted(parts.Logger, parts.Name, lease.Token);
        Answer(new Engine.LeaseGranted(lease.Token));
        RestsFromNow();
        try
        {
            lease.Lost.UnsafeRegister(_ => ThreadPool.UnsafeQueueUserWorkItem(Lost, lease, preferLocal: false), null);
        }
        catch (ObjectDisposedException)
        {
            // An arbiter that has put its lease away will never tell of its loss.
            Lost(lease);
        }
    }

    private void RestsFromNow()
    {
        lock (_gate)
        {
            if (!_released && _lease is not null)
            {
                _rest ??= parts.Time.CreateTimer(static keeper => ((LeaseKeeper)keeper!).GiveBackAfterRest(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _rest.Change(Rest, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>What was to be done under the lease with this fencing token failed here, and may work on another host: it is let in before this one tries again.</summary>
    internal void GiveUp(long token)
    {
        if (TakeIf(token) is { } lease)
        {
            Log.LeaseGivenUp(parts.Logger, parts.Name, lease.Token);
            GiveBack(lease);
        }
    }

    private void GiveBackAfterRest()
    {
        if (TakeIf(null) is { } lease)
        {
            Log.LeaseGivenBack(parts.Logger, parts.Name, lease.Token);
            GiveBack(lease);
        }
    }

    /// <summary>Takes the lease, if it is held, has this fencing token, if one is named, and nobody acts under it.</summary>
    private ILease? TakeIf(long? token)
    {
        lock (_gate)
        {
            if (!_acting.IsCompleted || (token is not null && _lease?.Token != token))
            {
                return null;
            }

            ILease? lease = _lease;
            _lease = null;
            return lease;
        }
    }

    private void GiveBack(ILease lease)
    {
        monitor.Post(new Engine.LeaseLost(AskAgain: true));
        _ = DisposeAsync(lease);
    }

    private void Lost(ILease lease)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_lease, lease))
            {
                return;
            }

            _lease = null;
        }

        Log.LeaseLost(parts.Logger, parts.Name, lease.Token);
        monitor.Post(new Engine.LeaseLost());
        _ = DisposeAsync(lease);
    }

    private async Task DisposeAsync(ILease lease)
    {
        Task acting;
        lock (_gate)
        {
            acting = _acting;
        }

        try
        {
            // It has been cancelled. One that ignores that has its own limit, after which nobody waits for it.
            await acting.WaitAsync(SwitchRunner.Limit, parts.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await lease.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.LeaseFailed(parts.Logger, parts.Name, Evidence.Of(exception));
        }
    }
}
