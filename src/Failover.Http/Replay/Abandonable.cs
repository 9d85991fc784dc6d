using System.Collections.Concurrent;
using Failover.Http.Routing;

namespace Failover.Http.Replay;

/// <summary>
/// Cancels one attempt that may be made again elsewhere: when its caller cancels, or when its member is given up while the attempt waits for headers. Nothing is registered for an attempt that ends at once, and those without
/// content are used again: then it costs no allocation.
/// </summary>
internal sealed class Abandonable : CancellationTokenSource, IThreadPoolWorkItem
{
    /// <summary>How many are kept beside one a thread.</summary>
    private const int MostKept = 256;

    private const int Waiting = 0;
    private const int Abandoned = 1;
    private const int Ended = 2;

    private static readonly ConcurrentQueue<Abandonable> Kept = new();

    [ThreadStatic]
    private static Abandonable? t_kept;

    private readonly bool _isKept;
    private FailoverGroup? _group;
    private RouteTable? _table;
    private int _hop;
    private CancellationToken _caller;
    private CancellationTokenRegistration _callerCancels;
    private CancellationTokenRegistration _memberGivenUp;
    private int _state;

    /// <summary>Whether the member was given up and nobody else was fit, so that the attempt went on. The registration after that is changed under a lock on this object.</summary>
    private volatile bool _isStranded;
    private CancellationTokenRegistration _somebodyRecovers;

    private Abandonable(bool isKept) => _isKept = isKept;

    /// <param name="hasContent">Whether the request has content. What sends it may hold on to the token longer than the attempt lasts (HTTP/2), so that the source cannot be used again.</param>
    internal static Abandonable Take(bool hasContent)
    {
        if (hasContent)
        {
            return new(isKept: false);
        }

        if (t_kept is { } kept)
        {
            t_kept = null;
            return kept;
        }

        return Kept.TryDequeue(out Abandonable? shared) ? shared : new(isKept: true);
    }

    /// <summary>From now on the caller's cancellation and the end of the member are heard. One that came before is not missed.</summary>
    internal void Watch(FailoverGroup group, RouteTable table, int hop, CancellationToken caller)
    {
        (_group, _table, _hop, _caller) = (group, table, hop, caller);
        _callerCancels = caller.UnsafeRegister(static own => ((Abandonable)own!).Execute(), this);
        _memberGivenUp = table.Hops[hop].GivenUp.UnsafeRegister(static own => ((Abandonable)own!).GiveUp(), this);
    }

    /// <summary>The attempt has ended with an answer: see <see cref="End(ref Exception?)"/>.</summary>
    internal void End()
    {
        Exception? none = null;
        End(ref none);
    }

    /// <summary>The attempt has ended: an answer has come, or <paramref name="error"/>. To be called once; then this object is no longer the caller's.</summary>
    /// <param name="error">What the attempt threw. Where the caller has cancelled, it gets the caller's token, as if ours had never been.</param>
    /// <returns>Whether the attempt was abandoned.</returns>
    internal bool End(ref Exception? error)
    {
        if (_table is null)
        {
            Keep();
            return false;
        }

        // A callback that has run, or runs now, may still cancel: then nobody else gets this source.
        bool isQuiet = (_callerCancels.Unregister() | !_caller.CanBeCanceled) & _memberGivenUp.Unregister();
        bool wasAbandoned = Interlocked.CompareExchange(ref _state, Ended, Waiting) == Abandoned;
        if (_isStranded)
        {
            lock (this)
            {
                _somebodyRecovers.Unregister();
            }
        }

        if (_caller.IsCancellationRequested && error is OperationCanceledException cancelled && cancelled.CancellationToken == Token)
        {
            error = new TaskCanceledException(cancelled.Message, cancelled, _caller);
        }

        if (isQuiet && !wasAbandoned)
        {
            (_group, _table, _caller) = (null, null, default);
            (_callerCancels, _memberGivenUp) = (default, default);
            _state = Waiting;
            Keep();
        }

        return wasAbandoned;
    }

    private void Keep()
    {
        if (!_isKept || !TryReset())
        {
            return;
        }

        if (t_kept is null)
        {
            t_kept = this;
        }
        else if (Kept.Count < MostKept)
        {
            Kept.Enqueue(this);
        }
    }

    /// <summary>Cancels. Neither the caller nor the group hears of what a handler's own callback throws.</summary>
    public void Execute()
    {
        try
        {
            Cancel();
        }
        catch (AggregateException)
        {
        }
    }

    /// <summary>
    /// The member was given up, or another one has recovered since. The attempt goes on where nobody else could do better as yet, or the group has sent too much twice already. Each one is cancelled by itself: what follows runs on
    /// the cancelling thread, and may be much.
    /// </summary>
    private void GiveUp()
    {
        if (_group is not { } group || _table is not { } table || Volatile.Read(ref _state) != Waiting)
        {
            return;
        }

        if (!IsAnotherFit(group, table) && !WaitForAnother(group, table))
        {
            return;
        }

        if (RetryBudget.Of(group).TryTake() && Interlocked.CompareExchange(ref _state, Abandoned, Waiting) == Waiting)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Nobody else is fit: listens for somebody who recovers.</summary>
    /// <returns>Whether somebody is fit by now.</returns>
    private bool WaitForAnother(FailoverGroup group, RouteTable table)
    {
        _isStranded = true;
        Interlocked.MemoryBarrier();
        lock (this)
        {
            // Whoever ends the attempt from here on sees that there is something to take back.
            if (Volatile.Read(ref _state) != Waiting || group.Snapshot.Members.FirstOrDefault(member => ReferenceEquals(member.Meter, table.Hops[_hop].Meter)) is not { } own)
            {
                return false;
            }

            _somebodyRecovers = own.GivenUp.UnsafeRegister(static self => ThreadPool.UnsafeQueueUserWorkItem(static self => self.GiveUp(), (Abandonable)self!, preferLocal: false), this);
        }

        // Between the first look and the registration nothing was heard.
        return IsAnotherFit(group, table);
    }

    private bool IsAnotherFit(FailoverGroup group, RouteTable table)
    {
        foreach (MemberSnapshot member in group.Snapshot.Members)
        {
            for (int next = _hop + 1; next < table.Hops.Length && member.Verdict != Verdict.Unhealthy; next++)
            {
                if (ReferenceEquals(table.Hops[next].Meter, member.Meter))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
