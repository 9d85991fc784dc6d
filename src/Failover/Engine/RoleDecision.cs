using System.Globalization;
using Failover.Election;

namespace Failover.Engine;

/// <summary>Follows the member that proves to be primary. Others elect; this only finds out whom they chose.</summary>
internal static class RoleDecision
{
    internal static void Decide(Turn turn)
    {
        RoleChoice choice = Elect(turn);
        GroupState state = turn.State;
        if (choice.Standing != ProofStanding.Overlap && state.OverlapSince is not null)
        {
            state = turn.State = state with { OverlapSince = null };
        }

        if (state.HoldUntil is { } until && until <= turn.Elapsed)
        {
            state = turn.State = state with { HoldUntil = null };
        }

        switch (choice.Standing)
        {
            case ProofStanding.Split:
                Split(turn, "two members prove to be primary at the same epoch, or at epochs that cannot be compared");
                break;
            case ProofStanding.Overlap when choice.Index >= 0 && state is { OverlapSince: null, Condition: not GroupCondition.SplitBrain }:
                // The former primary fails, and another has taken over.
                Follow(turn, state.Members[choice.Index]);
                break;
            case ProofStanding.Overlap:
                Overlap(turn);
                break;
            case ProofStanding.One when Decision.MayWaitForAll(turn) && state.Members.Any(m => m.Verdict == Verdict.Unknown):
                // The first to answer may be a former primary: hear the others once.
                Decision.Wait(turn, "waiting for the first answer of each member");
                break;
            case ProofStanding.One:
                Follow(turn, state.Members[choice.Index]);
                break;
            default:
                Lost(turn, choice);
                break;
        }
    }

    /// <summary>Elects, and takes a new lineage where that is allowed.</summary>
    private static RoleChoice Elect(Turn turn)
    {
        GroupState state = turn.State;
        RoleChoice choice = RoleElector.Elect(state.Members, state.Epochs);
        if (choice.Standing == ProofStanding.None
            && choice.Foreign is { } foreign
            && turn.Settings.WhenOldSilentFor is { } silence
            && turn.Elapsed - state.Epochs.TrustedHeard >= silence)
        {
            turn.State = state = state with { Epochs = state.Epochs.Trust(foreign, turn.Elapsed) };
            choice = RoleElector.Elect(state.Members, state.Epochs);
        }

        return choice;
    }

    private static void Follow(Turn turn, MemberState primary)
    {
        if (!primary.Member.Equals(turn.State.Active))
        {
            Records.Become(turn, primary, Cause(turn, primary));
        }

        if (primary.Epoch is { } epoch && turn.State.Epochs.Trusted is null)
        {
            turn.State = turn.State with { Epochs = turn.State.Epochs.Trust(epoch.Lineage, turn.Elapsed) };
        }

        if (turn.State.HoldUntil is not null)
        {
            turn.SetCondition(GroupCondition.Switching, "a change of the primary was announced");
        }
        else if (Acting.IsPending(turn.State))
        {
            turn.SetCondition(GroupCondition.Switching, $"switching to {turn.State.Open!.To.Name}");
        }
        else
        {
            turn.SetCondition(GroupCondition.Settled, null);
        }
    }

    private static SwitchoverCause Cause(Turn turn, MemberState primary)
    {
        GroupState state = turn.State;
        MemberState? old = state.Find(state.LastActive);
        return state.LastActive is null ? SwitchoverCause.Initial
            : state.Open is { Switched: null, Cause: SwitchoverCause.Manual } open && open.To.Equals(primary.Member) ? SwitchoverCause.Manual
            : state.Removed is not null ? SwitchoverCause.MemberRemoved
            : old?.Failing is not null ? SwitchoverCause.Failover
            : SwitchoverCause.External;
    }

    private static void Overlap(Turn turn)
    {
        GroupState state = turn.State = turn.State with { OverlapSince = turn.State.OverlapSince ?? turn.Elapsed };
        if (turn.Elapsed - state.OverlapSince >= turn.Settings.OverlapTolerance)
        {
            Split(turn, string.Create(CultureInfo.InvariantCulture, $"two members without epochs have both said that they are primary for {turn.Settings.OverlapTolerance.TotalSeconds:0.###} s"));
        }
        else if (turn.Active is { Verdict: Verdict.Healthy or Verdict.Suspect, Role: MemberRole.Primary })
        {
            turn.SetCondition(GroupCondition.Switching, "two members say that they are primary; one may be about to stop");
        }
        else if (state.Condition != GroupCondition.SplitBrain)
        {
            turn.State = state with { Active = null };
            Decision.Wait(turn, "two members say that they are primary; one may be about to stop");
        }
    }

    private static void Split(Turn turn, string reason)
    {
        turn.State = turn.State with { Active = null };
        turn.SetCondition(GroupCondition.SplitBrain, reason);
    }

    private static void Lost(Turn turn, RoleChoice choice)
    {
        // A suspicion may clear: the member is kept until it is given up, answers in another role, or another proves itself.
        if (turn.Active is { Verdict: Verdict.Suspect, Role: MemberRole.Primary } suspect && MayStay(suspect, turn.State.Epochs))
        {
            turn.SetCondition(GroupCondition.Switching, $"{suspect.Member.Name} is suspect: {suspect.Evidence}");
            return;
        }

        turn.State = turn.State with { Active = null };
        Decision.Wait(turn, choice.Excluded == 0 ? "no member proves to be primary"
            : choice.Foreign is { } foreign ? $"the only primary belongs to another lineage ({foreign}) than the one that is trusted ({turn.State.Epochs.Trusted})"
            : "the only primary is at an epoch below the highest seen");
    }

    private static bool MayStay(MemberState member, EpochBook book) => member.Epoch is { } epoch ? book.Allows(epoch) : book.AllowsNone;
}
