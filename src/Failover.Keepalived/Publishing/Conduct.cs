using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Publishing;

/// <summary>
/// Decides what this node tells keepalived of itself. Pure. A move goes by weight, so that the next holder is there before the former has left; a failure goes by fault, which is faster, and leaves nobody: so only if the peer provably could serve.
/// </summary>
internal static class Conduct
{
    /// <summary>After so long a node that has yielded looks whether its peer can be heard again: while it can, it stays backup.</summary>
    internal static readonly TimeSpan YieldTime = TimeSpan.FromMinutes(1);

    internal static ConductState Next(ConductState state, ConductFacts facts, ConductSettings settings, TimeSpan now)
    {
        state = Yield(state, facts, settings, now);
        bool isFit = facts is { IsStarted: true, CanServe: true, HasEnded: false };
        state = Begin(state, facts, settings, isFit, now);
        isFit &= state.HasBegun;
        state = Hold(state, facts, settings, isFit, now) with { WasFit = isFit };
        (Credit credit, string reason) = Choose(state, facts, isFit);
        return state with { Credit = credit, Reason = reason };
    }

    /// <summary>A node that starts does not take the address from its peer before it has heard it: at that moment nothing is known of the peer.</summary>
    private static ConductState Begin(ConductState state, ConductFacts facts, ConductSettings settings, bool isFit, TimeSpan now)
    {
        if (state.HasBegun || !isFit)
        {
            return state;
        }

        TimeSpan until = state.WaitsUntil ?? now + settings.PeerGrace;
        return state with { WaitsUntil = until, HasBegun = facts.PeerRole is not null || now >= until };
    }

    /// <summary>Somebody wants the peer to have the address.</summary>
    internal static ConductState Leave(ConductState state) => state with { Holding = Holding.Leaving, HoldsUntil = null };

    /// <summary>Somebody wants this node to have the address, or the peer did not take it.</summary>
    internal static ConductState TakeBack(ConductState state) => state with { Holding = Holding.No, HoldsUntil = null };

    private static (Credit Credit, string Reason) Choose(ConductState state, ConductFacts facts, bool isFit)
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
                Holding.Waiting => (Credit.Hold, state.HoldsUntil is null ? "fit; the peer keeps the address until somebody asks for a switchback" : "fit; the peer keeps the address until the hold-down is over"),
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
            case Holding.No when isFit && settings.IsPreferred && facts is { PeerRole: VrrpRole.Master, IsPeerGood: true } && (facts.Role == VrrpRole.Out || (facts.Role == VrrpRole.Backup && !state.WasFit)):
                // It comes back, or its keepalived will, and would take over at once.
                state = state with { Holding = Holding.Waiting, HoldsUntil = settings.Switchback == SwitchbackMode.Auto ? now + settings.HoldDown : null };
                break;
            case Holding.Waiting when state.HoldsUntil is not null && isFit && facts.Role == VrrpRole.Out:
                state = state with { HoldsUntil = now + settings.HoldDown };
                break;
            case Holding.Waiting when state.HoldsUntil <= now || (state.HoldsUntil is not null && !isFit && !facts.IsDraining):
                // The hold-down is over, or begins anew when the node is fit again.
                state = TakeBack(state);
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
