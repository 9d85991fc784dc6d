using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>A hold-down delays a switchback, longer with each flap, and nothing else: a failover, a drain, a request, a removal and another hand's move are not delayed.</summary>
internal sealed class HoldDownDelaysOnlySwitchback : Invariant
{
    private TimeSpan? _lastFailover;
    private bool _flapped;
    private TimeSpan _settled;

    protected override void Began(Step first) => _settled = first.State.Since.Elapsed;

    internal override void After(in Seen seen)
    {
        // An event that says nothing does not even let time pass: the tick that is due follows.
        if (!Ledger.IsPriority || ReferenceEquals(seen.Before, seen.After))
        {
            return;
        }

        if (seen.Event is OptionsChanged)
        {
            _settled = seen.Elapsed;
        }

        foreach (GroupEffect effect in seen.Effects)
        {
            if (effect is Publish { Switchover: { Revision: 1, Cause: SwitchoverCause.Switchback } back })
            {
                WaitedFor(back, seen);
            }
            else if (effect is Publish { Switchover: { Cause: SwitchoverCause.Failover, Switched: { } switched } } && switched == seen.Now)
            {
                _flapped = _lastFailover is { } last && seen.Elapsed - last < Ledger.Settings.Calm;
                _lastFailover = seen.Elapsed;
            }
        }

        if (!Ledger.Settings.HasSwitcher)
        {
            NothingElseWaits(seen);
        }
        else if (seen.Event is SwitchCompleted { ReadBack.Active: { } shown } && Ledger.Find(shown) is not null && !shown.Equals(seen.After.Active))
        {
            Fail($"the authority shows {shown}, and {seen.After.Active?.Name ?? "none"} is active");
        }
    }

    private void WaitedFor(Switchover back, in Seen seen)
    {
        GroupSettings settings = Ledger.Settings;
        bool doubled = _flapped && _lastFailover >= _settled && seen.Elapsed - _lastFailover < settings.Calm;
        TimeSpan least = settings.HoldDown * (doubled ? 2 : 1);
        least = least < settings.MaxHoldDown ? least : settings.MaxHoldDown;
        TimeSpan well = Ledger.Find(back.To) is { } to ? seen.Elapsed - (to.LastFailure ?? to.Since) : TimeSpan.Zero;
        if (well < least)
        {
            Fail($"back to {back.To}, which has been well for {well} only; the hold-down is {least}");
        }
    }

    private void NothingElseWaits(in Seen seen)
    {
        GroupState state = seen.After;
        if (seen.Event is SwitchRequested asked && state.LastRequest is { Refusal: null } && !asked.Target.Equals(state.Active))
        {
            Fail($"the request for {asked.Target} was taken, and {state.Active?.Name ?? "none"} is active");
        }

        if (Ledger.Pinned)
        {
            return;
        }

        // One that is drained is better than none.
        MemberLedger? able = Able(drained: false);
        if ((able ?? Able(drained: true)) is not { } healthy)
        {
            return;
        }

        if (state.Active is null && state.Condition != GroupCondition.Starting)
        {
            Fail($"none is active, and {healthy.Member} is healthy");
        }

        if (able is not null && Ledger.Find(state.Active) is { DrainedUntil: not null } drained && state.Find(drained.Member) is { Verdict: Verdict.Healthy })
        {
            Fail($"{drained.Member} is drained and still active, and {able.Member} is healthy");
        }

        if (state.Find(state.Active) is { Verdict: Verdict.Unhealthy })
        {
            Fail($"{state.Active} is given up and still active, and {healthy.Member} is healthy");
        }
    }

    private MemberLedger? Able(bool drained)
    {
        foreach (MemberLedger member in Ledger.Members)
        {
            if (member.Standing == Standing.Healthy && (drained || member.DrainedUntil is null))
            {
                return member;
            }
        }

        return null;
    }
}
