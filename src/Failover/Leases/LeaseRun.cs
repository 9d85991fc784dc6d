using System.Collections.Immutable;
using Failover.Groups;
using Microsoft.Extensions.Logging;

namespace Failover.Leases;

/// <summary>
/// Carries one lease through its life: takes the next event, asks the fold, and does what it says. Whatever the store does, or does not do, ends by putting one event in: its deadline holds even if it ignores its token.
/// </summary>
internal sealed class LeaseRun : ILease
{
    private readonly ILeaseStore _store;
    private volatile LeaseRequest _request;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _born;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<TellNotGranted?> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _over = new();
    private readonly ITimer _timer;
    private volatile LeaseState _state;

    /// <summary>Whether it was told that it is not renewed: once, until it is.</summary>
    private volatile bool _isNotRenewedTold;

    /// <summary>What the store was asked last: it may go on although nobody waits for it any more.</summary>
    private volatile Task _called = Task.CompletedTask;

    internal LeaseRun(ILeaseStore store, LeaseRequest request, LeaseSettings settings, TimeProvider time, ILogger logger)
    {
        (_store, _request, _time, _logger) = (store, request, time, logger);
        _born = time.GetTimestamp();
        _state = new LeaseState(settings);
        _timer = Unflowed.Timer(time, static run => ((LeaseRun)run!).Post(new TimePassed()), this);
    }

    public long Token => _state.Grant!.Epoch.Number;

    public string Lineage => _state.Grant!.Epoch.Lineage;

    public bool IsValid => _state.MayAct(Now());

    public CancellationToken Lost => _lost.Token;

    /// <summary>Gets all that is known of it.</summary>
    internal LeaseState State => _state;

    /// <summary>Gets the grant, for what it tells beside the token.</summary>
    internal LeaseGrant Grant => _state.Grant!;

    /// <summary>Asks the store. Returns null when the lease is held, or why it is not.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled. What was granted meanwhile is given back.</exception>
    internal async Task<TellNotGranted?> AskAsync(CancellationToken cancellationToken)
    {
        Post(new Asked());
        try
        {
            TellNotGranted? refused = await _asked.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (refused is not null)
            {
                // What may have been granted is given back first: else the next ask would find it held, by nobody.
                await _released.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return refused;
        }
        catch (OperationCanceledException)
        {
            _left.TrySetResult();
            Post(new GivenBack());
            throw;
        }
    }

    /// <summary>Lets the store forget who held the lease before. Returns whether it has done so, under this lease.</summary>
    /// <exception cref="Exception">It is not known whether it has.</exception>
    internal async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        LeaseRequest settling = _request with { Settles = true };
        LeaseGrant grant = Grant;
        LeaseGrant? renewed = await WithinLimitAsync(token => _store.RenewAsync(settling, grant, token).AsTask(), cancellationToken).ConfigureAwait(false);
        if (renewed?.Epoch != grant.Epoch)
        {
            return false;
        }

        _request = settling;
        return true;
    }

    /// <summary>Ends the lease, which is given back only when it is disposed of: what is done under it may go on until then.</summary>
    internal void End(string why) => Post(new GivenBack(why));

    /// <summary>Gives the lease back, and waits until the store has taken that in, but no longer than for one answer.</summary>
    public async ValueTask DisposeAsync()
    {
        _left.TrySetResult();
        Post(new GivenBack());
        await _released.Task.ConfigureAwait(false);
    }

    private Moment Now() => new(_time.GetElapsedTime(_born), _time.GetUtcNow());

    private void Post(LeaseEvent happened)
    {
        ImmutableArray<LeaseEffect> effects;
        lock (_gate)
        {
            Moment now = Now();
            (_state, effects) = LeaseFold.Apply(_state, happened, now);
            if (_state.NextWake(now) is { } wake)
            {
                // Rounded up, so that the timer does not come a moment too early, for nothing.
                _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, (wake - now.Elapsed).TotalMilliseconds))), Timeout.InfiniteTimeSpan);
            }
            else
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (LeaseEffect effect in effects)
        {
            CarryOut(effect);
        }
    }

    private void CarryOut(LeaseEffect effect)
    {
        switch (effect)
        {
            case Take take:
                Call(take.Operation, async token => new TakeAnswered(take.Operation, await _store.TakeAsync(_request, token).ConfigureAwait(false)));
                break;
            case Renew renew:
                LeaseGrant grant = _state.Grant!;
                Call(renew.Operation, async token =>
                {
                    LeaseGrant? renewed = await _store.RenewAsync(_request, grant, token).ConfigureAwait(false);
                    _isNotRenewedTold = false;
                    return new RenewalAnswered(renew.Operation, renewed);
                });
                break;
            case Release:
                _ = ReleaseAsync();
                break;
            case TellGranted granted:
                Log.LeaseGranted(_logger, _request.Resource, granted.Grant.Epoch.Number, granted.Grant.Epoch.Lineage);
                _asked.TrySetResult(null);
                break;
            case TellNotGranted refused:
                _left.TrySetResult();
                _asked.TrySetResult(refused);
                Stop();
                if (refused.Answer is not null)
                {
                    // Another holds it: nothing is to be given back.
                    _released.TrySetResult();
                }

                break;
            case TellNotRenewed failed:
                if (!_isNotRenewedTold)
                {
                    _isNotRenewedTold = true;
                    Log.LeaseNotRenewed(_logger, _request.Resource, Token, failed.Evidence);
                }

                break;
            case TellOver { Evidence: { } evidence }:
                Log.LeaseLost(_logger, _request.Resource, Token, evidence);
                Stop();
                break;
            case TellOver:
                Log.LeaseGivenBack(_logger, _request.Resource, Token);
                Stop();
                break;
        }
    }

    /// <summary>The token is cancelled at once; whoever listens to it is told on the thread pool.</summary>
    private void Stop()
    {
        _timer.Dispose();
        _ = _lost.CancelAsync();
        _ = _over.CancelAsync();
    }

    private void Call(int operation, Func<CancellationToken, Task<LeaseEvent>> ask) => _ = CallAsync(operation, ask);

    private async Task CallAsync(int operation, Func<CancellationToken, Task<LeaseEvent>> ask)
    {
        LeaseEvent came;
        try
        {
            came = await WithinLimitAsync(ask, _over.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            came = new CallFailed(operation, EvidenceOf(exception));
        }

        Post(came);
    }

    private async Task ReleaseAsync()
    {
        // Who has lost it may be in the midst of its work, and has the margin to stop: to give it back for him would let the next one in at once, and nobody would be fenced. If he never leaves it, it runs out.
        await _left.Task.ConfigureAwait(false);
        Task called = _called;
        try
        {
            await WithinLimitAsync<object?>(
                async token =>
                {
                    // A take that came in behind its own release would be held by nobody.
                    await called.WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    await _store.ReleaseAsync(_request, token).ConfigureAwait(false);
                    return null;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It runs out by itself. What was only asked for, and not answered, is told as that by whoever asked.
            if (_state.Grant is not null)
            {
                Log.LeaseNotReleased(_logger, _request.Resource, EvidenceOf(exception));
            }
        }

        _released.TrySetResult();
    }

    private async Task<T> WithinLimitAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken over)
    {
        using CancellationTokenSource limit = new(_state.Settings.CallLimit, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, over);
        CancellationToken token = either.Token;
        Task<T> called = Task.Run(() => ask(token), CancellationToken.None);
        _called = called;
        return await called.WaitAsync(token).ConfigureAwait(false);
    }

    private string EvidenceOf(Exception exception) => exception is OperationCanceledException ? Evidence.NoAnswerWithin(_state.Settings.CallLimit) : LeaseArbiter.EvidenceOf(exception);
}
