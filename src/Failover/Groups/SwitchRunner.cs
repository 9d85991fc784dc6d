using Failover.Engine;

namespace Failover.Groups;

/// <summary>Carries a switch out: read, plan, tell the plan, apply, and say what came of it. One at a time; its limit holds even if the switcher ignores its token.</summary>
internal sealed class SwitchRunner(GroupMonitor monitor, GroupParts parts, ISwitcher switcher, LeaseKeeper? leases, CancellationToken stopping)
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(1);

    private Task _last = Task.CompletedTask;

    /// <summary>Why the authority could not be read last: it is told once, not at each try.</summary>
    private string? _unread;

    internal void Run(Switch change) => ThreadPool.UnsafeQueueUserWorkItem(run => _ = RunAsync(run), change, preferLocal: false);

    private async Task RunAsync(Switch change)
    {
        SwitchCompleted completed;
        try
        {
            completed = !_last.IsCompleted ? new(change.Operation, SwitchOutcome.Failed, null, "the switcher has not come back from an earlier operation")
                : await NotFencedAsync(change).ConfigureAwait(false) ?? await WithinLimitAsync(change).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever happens, the engine gets its answer: it waits for nothing else.
            completed = new(change.Operation, SwitchOutcome.Unknown, null, Evidence.Of(exception));
        }

        Tell(change, completed);
        monitor.Post(completed);
        if (!IsHeld(change))
        {
            // The engine may have heard of a loss before it heard of the lease: it asks again, and is told of the one that is held.
            monitor.Post(new LeaseLost(AskAgain: true));
        }
        else if (change is { Target: not null, LeaseToken: { } token } && completed.Outcome == SwitchOutcome.Failed)
        {
            leases?.GiveUp(token);
        }
    }

    /// <summary>Fences the member that failed, where there is a fence. Returns null if the switch may be made, or what has come of it already.</summary>
    private async Task<SwitchCompleted?> NotFencedAsync(Switch change)
    {
        if (parts.Fence is not { } fence || change is not { Target: { } target, Failed: { } failed })
        {
            return null;
        }

        // Somebody else may have moved it already: then nobody is to be shot.
        SwitchCompleted read = await WithinLimitAsync(change with { Target = null }).ConfigureAwait(false);
        if (read.Outcome != SwitchOutcome.Applied || target.Equals(read.ReadBack?.Active))
        {
            return read;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(LostToken(change), stopping);
        Task<FenceResult> fencing = Fencer.FenceAsync(fence, new(parts.Name, failed.Name, failed.Address, change.LeaseToken), parts.Time, either.Token);
        ActsUntil(change, fencing);
        FenceResult result = await fencing.ConfigureAwait(false);
        return result.Succeeded ? null : new(change.Operation, SwitchOutcome.Failed, read.ReadBack, $"{failed.Name} could not be fenced: {result.Evidence}");
    }

    /// <summary>A fence is an act under the lease as well, and may take minutes.</summary>
    private void ActsUntil(Switch change, Task acting)
    {
        if (change.LeaseToken is not null)
        {
            leases?.ActsUntil(acting);
        }
    }

    private CancellationToken LostToken(Switch change) => change.LeaseToken is { } token ? leases?.LostToken(token) ?? CancellationToken.None : CancellationToken.None;

    private bool IsHeld(Switch change) => change.LeaseToken is not { } token || leases is null || leases.IsHeld(token);

    private async Task<SwitchCompleted> WithinLimitAsync(Switch change)
    {
        using CancellationTokenSource limit = new(Limit - Notice, parts.Time);
        CancellationToken lost = LostToken(change);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lost, stopping);
        Attempt attempt = new(change, switcher, parts, IsHeld, either.Token);
        Task<SwitchCompleted> work = Task.Run(attempt.RunAsync, CancellationToken.None);
        _last = work;
        ActsUntil(change, work);

        try
        {
            return await work.WaitAsync(Limit, parts.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new(change.Operation, attempt.HasBegun ? SwitchOutcome.Unknown : SwitchOutcome.Failed, null, Evidence.NoAnswerWithin(Limit));
        }
    }

    private void Tell(Switch change, SwitchCompleted completed)
    {
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        if (change.Target is not { } target)
        {
            string? unread = completed.Outcome == SwitchOutcome.Applied ? null : completed.Evidence ?? "";
            if (unread is not null && unread != _unread)
            {
                Log.AuthorityNotRead(parts.Logger, parts.Name, unread);
            }

            _unread = unread;
        }
        else if (completed.Outcome == SwitchOutcome.Applied)
        {
            Log.SwitchApplied(parts.Logger, parts.Name, target, change.Operation);
        }
        else
        {
            Log.SwitchNotApplied(parts.Logger, parts.Name, target, change.Operation, completed.Outcome, completed.Evidence);
        }
    }

    /// <summary>One run through the steps.</summary>
    private sealed class Attempt(Switch change, ISwitcher switcher, GroupParts parts, Func<Switch, bool> isHeld, CancellationToken cancellationToken)
    {
        private volatile bool _begun;

        /// <summary>Whether the outside may have been touched.</summary>
        internal bool HasBegun => _begun;

        internal async Task<SwitchCompleted> RunAsync()
        {
            try
            {
                SwitchReading reading = await switcher.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (change.Target is not { } target || target.Equals(reading.Active))
                {
                    return Completed(SwitchOutcome.Applied, reading, null);
                }

                SwitchPlan plan = switcher.Plan(reading, target);
                Log.SwitchPlanned(parts.Logger, parts.Name, target, change.Operation, string.Join("; ", plan.Steps));
                cancellationToken.ThrowIfCancellationRequested();
                if (!isHeld(change))
                {
                    // The process was paused: its timers have not come to run yet.
                    return Completed(SwitchOutcome.Failed, null, "the lease has run out");
                }

                _begun = true;
                SwitchReceipt receipt = await switcher.ApplyAsync(plan, change.LeaseToken, cancellationToken).ConfigureAwait(false);
                return Completed(receipt.Outcome, receipt.ReadBack, receipt.Evidence);
            }
            catch (Exception exception)
            {
                // A switcher tells in its receipt that it knows to have done nothing. One that throws in the midst of it does not know.
                return Completed(_begun ? SwitchOutcome.Unknown : SwitchOutcome.Failed, null, cancellationToken.IsCancellationRequested
                    ? "cancelled: the lease was lost, the time was over, or the group stops"
                    : Evidence.Of(exception));
            }
        }

        private SwitchCompleted Completed(SwitchOutcome outcome, SwitchReading? reading, string? evidence) => new(change.Operation, outcome, reading, evidence);
    }
}
