using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Publishing;

/// <summary>
/// Decides what this node tells keepalived of itself. Pure. A move goes by weight, so that the next holder is there before the former has left; a failure goes by fault, which is faster, and leaves nobody: so only if the peer provably could serve.
/// </summary>
internal static class Conduct
{
    /// <summary>After so long a node that has yielded looks whether its peer can be heard again: while it can, it stays backup.</summary>
    internal static readonly TimeSpan YieldTime = TimeSpan.FromMinutes(1);

    /// <summary>How often the end of a hold-down is looked for: its settings may change.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>So long a process that wakes up has for its checks to run: what is stale then is no proof of anything, and on both nodes at once if both stood still.</summary>
    private static readonly TimeSpan WakingTime = TimeSpan.FromSeconds(1);

    internal static ConductState Next(ConductState state, ConductFacts facts, ConductSettings settings, TimeSpan now)
    {
        state = state with { StaleSince = facts.IsStale ? state.StaleSince ?? now : null };
        bool isWaking = state.WasFit && now - state.StaleSince < WakingTime;
        facts = facts with { CanServe = facts.CanServe || isWaking };
        state = Yield(state, facts, settings, now);
        bool isFit = facts is { IsStarted: true, CanServe: true, HasEnded: false };
        state = Begin(state, facts, settings, isFit, now);
        isFit &= state.HasBegun;
        state = Hold(state, facts, settings, isFit, now) with { WasFit = isFit, WasMaster = facts.Role == VrrpRole.Master || (facts.Role == VrrpRole.Out && state.WasMaster) };
        (Credit credit, string reason) = Choose(state, facts, settings, isFit);
        return state with { Credit = credit, Reason = reason, NextLook = NextLook(state, isWaking ? state.StaleSince + WakingTime : null, now) };
    }

    /// <summary>Somebody wants the peer to have the address.</summary>
    internal static ConductState Leave(ConductState state) => state with { Holding = Holding.Leaving, WaitsSince = null };

    /// <summary>Somebody wants this node to have the address, or the peer did not take it.</summary>
    internal static ConductState TakeBack(ConductState state) => state with { Holding = Holding.No, WaitsSince = null };

    /// <summary>A node that starts does not take the address from its peer before it has heard it: at that moment nothing is known of the peer.</summary>
    private static ConductState Begin(ConductState state, ConductFacts facts, ConductSettings settings, bool isFit, TimeSpan now)
    {
        if (state.HasBegun)
        {
            return state;
        }

        if (!isFit)
        {
            return state with { HearsUntil = null };
        }

        TimeSpan until = state.HearsUntil ?? now + settings.PeerGrace;
        return state with { HearsUntil = until, HasBegun = facts.PeerRole is not null || now >= until };
    }

    private static TimeSpan? NextLook(ConductState state, TimeSpan? wakes, TimeSpan now)
    {
        TimeSpan? hold = state is { Holding: Holding.Waiting, WaitsSince: not null } ? now + Look : null;
        TimeSpan? hear = state is { HasBegun: true, Holding: not Holding.Lost } ? null : state.HearsUntil;
        return new[] { hold, hear, wakes, state.YieldsUntil }.Min();
    }

    private static (Credit Credit, string Reason) Choose(ConductState state, ConductFacts facts, ConductSettings settings, bool isFit)
    {
        if (facts.HasEnded)
        {
            return (Credit.Unproven, "the app has ended");
        }

        if (!facts.IsStarted)
        {
            return (Credit.Unproven, "not started yet");
        }

        if (!state.HasBegun && facts is { CanServe: true })
        {
            return (Credit.Unproven, "waits to hear the peer for the first time");
        }

        if (state.YieldsUntil is not null)
        {
            return (Credit.Fault, "both nodes held the address, and the witness has it with the peer");
        }

        if (facts.IsDraining)
        {
            return (Credit.Hold, "draining");
        }

        if (isFit)
        {
            return state.Holding switch
            {
                Holding.Leaving => (Credit.Hold, "asked to leave the address to the peer"),
                Holding.Lost => (Credit.Hold, "fit; has lost the address, and waits to hear whether the peer is to keep it"),
                Holding.Waiting => (Credit.Hold, state.WaitsSince is null || !settings.TakesBack ? "fit; the peer keeps the address until somebody asks for a switchback" : "fit; the peer keeps the address until the hold-down is over"),
                _ => (Credit.Ready, "fit"),
            };
        }

        string why = facts.Why ?? "it cannot serve";

        // Both in fault would leave the address nowhere, and both without credit would move it to a node that is no better.
        return facts.IsPeerGood ? (Credit.Fault, why)
            : facts.Role == VrrpRole.Master ? (Credit.Hold, $"{why}; the peer is not known to be better")
            : (Credit.Unproven, $"{why}; the peer is not known to be better");
    }

    private static ConductState Hold(ConductState state, ConductFacts facts, ConductSettings settings, bool isFit, TimeSpan now)
    {
        switch (state.Holding)
        {
            case Holding.Leaving when facts.Role != VrrpRole.Master:
                // The preferred one would take it back at once. The other one is not in its way, once it has told that it is ready.
                state = state with { Holding = Holding.Waiting };
                break;
            case Holding.Waiting when facts.Role == VrrpRole.Master:
                state = TakeBack(state);
                break;
            case Holding.Waiting when state.WaitsSince is not null && !isFit && !facts.IsDraining:
                // The hold-down begins anew when the node is fit again.
                state = TakeBack(state);
                break;
            case Holding.Waiting when state.WaitsSince is not null && facts.Role == VrrpRole.Out:
                // It begins when keepalived takes part again.
                state = state with { WaitsSince = now };
                break;
            case Holding.Waiting when settings.TakesBack && now - state.WaitsSince >= settings.HoldDown:
                state = TakeBack(state);
                break;
            case Holding.Lost when facts.Role == VrrpRole.Master:
                state = TakeBack(state);
                break;
            case Holding.Lost when isFit && facts is { PeerRole: VrrpRole.Master, IsPeerGood: true }:
                state = state with { Holding = Holding.Waiting, WaitsSince = now };
                break;
            case Holding.Lost when now >= state.HearsUntil:
                state = TakeBack(state);
                break;
            case Holding.No when settings.IsPreferred && state.WasMaster && facts.Role == VrrpRole.Backup:
                // It hung, and keepalived's script moved the address; or somebody did. What is known of the peer is of before, and the credit that is in the file would take it back at once. A peer that is not ready does not keep it from a node that holds back.
                state = state with { Holding = Holding.Lost, HearsUntil = now + settings.PeerGrace };
                break;
            case Holding.No when isFit && settings.IsPreferred && facts is { PeerRole: VrrpRole.Master, IsPeerGood: true } && (facts.Role == VrrpRole.Out || (facts.Role == VrrpRole.Backup && !state.WasFit)):
                // It comes back, or its keepalived will, and would take over at once.
                state = state with { Holding = Holding.Waiting, WaitsSince = now };
                break;
            default:
                break;
        }

        return state is { Holding: Holding.Waiting } && !settings.IsPreferred && facts is { PeerRole: VrrpRole.Master, PeerCredit: Credit.Ready } ? TakeBack(state) : state;
    }

    private static ConductState Yield(ConductState state, ConductFacts facts, ConductSettings settings, TimeSpan now)
    {
        if (state.YieldsUntil is { } until)
        {
            return now >= until || !facts.IsPeerGood || facts.PeerRole != VrrpRole.Master ? state with { YieldsUntil = null } : state;
        }

        return facts is { IsToYield: true, IsPeerGood: true } && !settings.IsPreferred ? state with { YieldsUntil = now + YieldTime } : state;
    }
}
