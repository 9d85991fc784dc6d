using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>Takes a promoted node before most of the sentinels name it: <see cref="RedisPromotion.Fast"/>.</summary>
internal sealed partial class SentinelWatch
{
    // If most do not name it by then, something is wrong with the failover.
    private static readonly TimeSpan PinLimit = TimeSpan.FromSeconds(30);
    // A former master that does not answer is given up within that.
    private static readonly TimeSpan YieldLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AskPace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PinnedPace = TimeSpan.FromMilliseconds(100);

    // A promotion closes connections to the node, and one that cannot be asked may count as one that says no.
    private const int NeededAgainst = 5;

    private Task _promotion = Task.CompletedTask;
    private CancellationTokenSource? _promotionEnd;
    private WatchedSentinel? _promoter;
    private FailoverMember? _pinned;

    /// <summary>The leader of a failover waits for a replica to become the master: wait for it too. Under the lock.</summary>
    private void Promote(WatchedSentinel leader, HostAndPort? node, Epoch epoch)
    {
        if (_settings.Promotion != RedisPromotion.Fast || _pinned is not null || _promoter == leader || MemberAt(node) is not { } member)
        {
            return;
        }

        Unpin(null);
        _promoter = leader;
        var end = _promotionEnd = CancellationTokenSource.CreateLinkedTokenSource(_running!.Token);
        _promotion = Task.Run(
            async () =>
            {
                using CancellationTokenSource owned = end;
                await PromoteAsync(member, epoch, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            CancellationToken.None);
    }

    private async Task PromoteAsync(FailoverMember member, Epoch epoch, CancellationTokenSource end)
    {
        CancellationToken cancellationToken = end.Token;
        string why = "it cannot be asked";
        FailoverMember? named;
        try
        {
            if (await UntilAsync(member, saysMaster: true, times: 1, AskPace, cancellationToken).ConfigureAwait(false) && Pin(member, epoch, end))
            {
                await YieldAsync(member, epoch, cancellationToken).ConfigureAwait(false);
                why = await UntilAsync(member, saysMaster: false, NeededAgainst, PinnedPace, cancellationToken).ConfigureAwait(false) ? "it is no master any more" : $"not within {PinLimit.TotalSeconds} s";
            }
        }
        finally
        {
            lock (_gate)
            {
                named = _promotionEnd == end && _pinned is not null ? _book.View.Master : null;
                if (_promotionEnd == end)
                {
                    _promotionEnd = null;
                    Unpin(why);
                }
            }
        }

        if (named is not null)
        {
            await YieldAsync(named, epoch, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Asks a node until it says so, as often as wanted in a row, but not for ever. Who does not answer says nothing.</summary>
    private async Task<bool> UntilAsync(FailoverMember member, bool saysMaster, int times, TimeSpan pace, CancellationToken cancellationToken)
    {
        TimeSpan end = Now + PinLimit;
        int said = 0;
        while (Now < end)
        {
            using CancellationTokenSource limit = new(_settings.AnswerLimit, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                said = await _saysMaster(member, either.Token).ConfigureAwait(false) == saysMaster ? said + 1 : 0;
                if (said == times)
                {
                    return true;
                }
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Asked again.
            }

            await Task.Delay(pace, _time, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    private bool Pin(FailoverMember member, Epoch epoch, CancellationTokenSource end)
    {
        lock (_gate)
        {
            if (_promotionEnd != end || _votes.Binding?.Epoch != epoch)
            {
                return false;
            }

            _pinned = member;
            Log.Pinned(_logger, _settings.Group, member);
            _book.Take(View());
            return true;
        }
    }

    /// <summary>Has the former seen as no primary, and then the next one as the primary: two at one epoch would be a split brain.</summary>
    private async Task YieldAsync(FailoverMember next, Epoch epoch, CancellationToken cancellationToken)
    {
        TimeSpan end = Now + YieldLimit;
        FailoverMember? looked = null;
        while (MasterBook.RivalOf(next, epoch, _group!.Snapshot) is { } rival && Now < end)
        {
            if (!rival.Equals(looked))
            {
                LookAt(looked = rival);
            }

            await Task.Delay(Glance, _time, cancellationToken).ConfigureAwait(false);
        }

        LookAt(next);
    }

    private void LookAt(FailoverMember member)
    {
        lock (_gate)
        {
            _box.Look(member);
            _wake.Set();
        }
    }

    /// <summary>Ends the wait for a promoted node, or its time before most name it. Under the lock.</summary>
    /// <param name="lost">Why it was not named; null if it was.</param>
    private void Unpin(string? lost)
    {
        FailoverMember? pinned = _pinned;
        CancellationTokenSource? end = _promotionEnd;
        (_pinned, _promoter, _promotionEnd) = (null, null, null);
        if (pinned is not null)
        {
            _book.Take(View());
        }

        if (pinned is not null && lost is not null)
        {
            Log.PinLost(_logger, _settings.Group, pinned, lost);
            _box.Look(pinned);
            _wake.Set();
        }

        // Not here: whoever waits would go on under the lock.
        _ = end?.CancelAsync();
    }
}
