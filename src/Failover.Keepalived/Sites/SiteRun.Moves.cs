using System.Globalization;
using Failover.Keepalived.Publishing;
using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Sites;

/// <content>Moves that somebody asks for, and the end.</content>
internal sealed partial class SiteRun
{
    private readonly List<(Func<VrrpView, bool> IsSo, TaskCompletionSource Done)> _waits = [];

    /// <summary>Leaves the address to the peer, and waits until keepalived says that this node is backup.</summary>
    /// <param name="takesBack">Whether it is to stay here if the peer does not take it in time; else the peer may take it later.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why it is not so, in words; null if it is.</returns>
    internal async Task<string?> LeaveAsync(bool takesBack, CancellationToken cancellationToken)
    {
        // A peer that has just become ready may have said so a moment ago.
        if (View.Role == VrrpRole.Master && WhyNotLeave() is not null)
        {
            _parts.Peers.LookNow();
            TimeSpan longest = 3 * Options.PeerInterval;
            await WaitAsync(_ => WhyNotLeave() is null, longest < Options.MoveTimeout ? longest : Options.MoveTimeout, cancellationToken).ConfigureAwait(false);
        }

        if (WhyNotLeave() is { } refusal)
        {
            return refusal;
        }

        bool isLeft = false;
        Act(Conduct.Leave);
        try
        {
            isLeft = await WaitAsync(static view => view.Role == VrrpRole.Backup, Options.MoveTimeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!isLeft && takesBack)
            {
                // Also if nobody waits any more: else it would move some time later, by itself.
                Act(Conduct.TakeBack);
            }
        }

        if (!isLeft && takesBack)
        {
            Log.MoveTakenBack(_parts.Logger, Group, Options.Peer, Options.MoveTimeout.TotalSeconds);
        }

        return isLeft ? null : string.Create(CultureInfo.InvariantCulture, $"{Options.Peer} did not take the address within {Options.MoveTimeout.TotalSeconds:0.###} s{(takesBack ? ": it stays here" : "")}");
    }

    /// <summary>Takes the address back, on the preferred node.</summary>
    /// <returns>Why it is not here, in words; null if it is.</returns>
    internal async Task<string?> TakeBackAsync(CancellationToken cancellationToken)
    {
        if (!IsPreferred)
        {
            return $"this node has the lower priority, and cannot take the address from {Options.Peer}: ask there";
        }

        if (_parts.Health.Verdicts is { CanServe: false } verdicts)
        {
            return $"this node cannot serve: {verdicts.Reason}";
        }

        ConductState before = default!;
        Act(state => Conduct.TakeBack(before = state));
        bool isBack = false;
        try
        {
            isBack = await WaitAsync(static view => view.Role == VrrpRole.Master, Options.MoveTimeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!isBack)
            {
                Act(state => state with { Holding = before.Holding, WaitsSince = before.WaitsSince });
            }
        }

        return isBack
            ? null
            : $"keepalived did not make this node master within {Options.MoveTimeout.TotalSeconds:0.###} s";
    }

    /// <summary>The app is about to end: leaves the address to the peer, if that is ready.</summary>
    internal async Task HandOverAsync(CancellationToken cancellationToken)
    {
        if (View.Role != VrrpRole.Master)
        {
            return;
        }

        string? whyNot;
        try
        {
            whyNot = await LeaveAsync(takesBack: false, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // If it was to leave, its credit stays below the peer's.
            whyNot = "the host gives no more time";
        }

        if (whyNot is null || View.Role == VrrpRole.Backup)
        {
            Log.HandedOver(_parts.Logger, Options.Peer, Group);
        }
        else
        {
            Log.NotHandedOver(_parts.Logger, Group, whyNot);
        }
    }

    /// <summary>The app serves no more.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
        }

        Look();
    }

    private string? WhyNotLeave()
    {
        ConductFacts facts = Facts();
        return facts.Role != VrrpRole.Master ? "this node does not hold the address: ask the node that does"
            : facts.PeerCredit is null ? $"{Options.Peer} is not heard"
            : !facts.IsPeerGood || (IsPreferred && facts.PeerCredit != Credit.Ready) ? $"{Options.Peer} is not ready: it is {new VrrpClaim(facts.PeerRole ?? VrrpRole.Out, facts.PeerCredit.Value)}{(facts.PeerCanServe ? "" : ", and it cannot serve")}"
            : null;
    }

    /// <summary>Waits until something is so, or the time is over.</summary>
    internal async Task<bool> WaitAsync(Func<VrrpView, bool> isSo, TimeSpan limit, CancellationToken cancellationToken)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waits)
        {
            _waits.Add((isSo, done));
        }

        LookAtWaits();
        await done.Task.WaitAsync(limit, _parts.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_waits)
        {
            _waits.RemoveAll(wait => wait.Done == done);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return done.Task.IsCompleted || isSo(View);
    }

    private void LookAtWaits()
    {
        VrrpView view = View;
        lock (_waits)
        {
            foreach ((Func<VrrpView, bool> isSo, TaskCompletionSource done) in _waits)
            {
                if (isSo(view))
                {
                    done.TrySetResult();
                }
            }
        }
    }
}
