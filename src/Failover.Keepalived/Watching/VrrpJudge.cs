using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Watching;

/// <summary>What follows from all that was seen and heard. Pure.</summary>
internal static class VrrpJudge
{
    internal static VrrpState Judge(VrrpState state, VrrpNames names, TimeSpan now)
    {
        VrrpView before = state.View;
        bool isLost = IsLost(state, now);
        if (isLost)
        {
            // What it said last was true of one that has gone.
            state = state with { Word = state.Word is VrrpWord.Stop ? VrrpWord.Stop : null, IsWordOld = false, IsNamed = false, MismatchSince = null };
        }

        state = state with { MismatchSince = IsMismatch(state) ? state.MismatchSince ?? now : null };
        VrrpRole role = RoleOf(state, isLost, now);
        if ((role == VrrpRole.Master) != (before.Role == VrrpRole.Master))
        {
            state = state with { AnswersBefore = role == VrrpRole.Master ? state.Answers : state.AnswersBefore, Asks = state.Asks + 1 };
        }

        VrrpRole? peerRole = role != VrrpRole.Master || state.Answers > state.AnswersBefore ? state.Peer?.Claim?.Role : null;
        VrrpStanding own = StandingOf(state, role, isLost, now);
        bool isBoth = role == VrrpRole.Master && peerRole == VrrpRole.Master;
        bool isNone = own is VrrpStanding.Backup or VrrpStanding.Fault or VrrpStanding.DaemonLost && peerRole is { } its && its != VrrpRole.Master;
        state = Doubts(state, isBoth, isNone, now);
        VrrpStanding standing = role == VrrpRole.Master && (state.SeesAnother || IsSure(state.Both, VrrpFold.SecondLook, state, now)) ? VrrpStanding.DualMaster
            : IsSure(state.None, VrrpFold.NobodyTime, state, now) ? VrrpStanding.NoMaster
            : own;
        state = state with { UnclearSince = standing != VrrpStanding.Unknown ? null : before.Standing != VrrpStanding.Unknown ? now : state.UnclearSince };
        state = state with
        {
            View = before with
            {
                Standing = standing,
                IsUnclear = now - state.UnclearSince >= VrrpFold.MismatchTime,
                Role = role,
                IsAttached = state.IsAttached,
                OwnsAddress = state.Owns == true,
                IsFault = state.Word == VrrpWord.Fault && role == VrrpRole.Out,
                IsDoubted = !state.IsWordOld && IsFalse(state, now),
                PeerClaim = state.Peer?.Claim,
                PeerRole = peerRole,
                PeerCredit = state.Peer?.Claim?.Credit,
                PeerCanServe = state.Peer is { CanServe: true },
                Problem = VrrpProblem.Of(state, standing, isLost, names, now),
            },
        };
        return state with { NextLook = NextLook(state, now) };
    }

    /// <summary>Whether keepalived has gone, or cannot be heard, and not only for the time of a reload.</summary>
    internal static bool IsLost(VrrpState state, TimeSpan now) => state is { HasTried: true, IsAttached: false } && now - state.AttachedSince >= VrrpFold.Grace;

    /// <summary>Whether what it says was not to be seen for so long that it is not so.</summary>
    internal static bool IsFalse(VrrpState state, TimeSpan now) => state.MismatchSince is { } since && now - since >= VrrpFold.MismatchTime;

    /// <summary>Whether a name was told, and it is not the one that is waited for.</summary>
    internal static bool IsMisnamed(VrrpState state, TimeSpan now) =>
        state is { IsAttached: true, WasNamed: false, OtherName: not null } && now - state.AttachedSince >= VrrpFold.NamingTime;

    private static bool IsMismatch(VrrpState state) => state.Owns is { } owns && state.Word is { } word && word is VrrpWord.Master or VrrpWord.Backup or VrrpWord.Fault && owns != (word == VrrpWord.Master);

    private static VrrpRole RoleOf(VrrpState state, bool isLost, TimeSpan now)
    {
        if (isLost || state.Word is VrrpWord.Stop or VrrpWord.Deleted || !state.HasTried)
        {
            return VrrpRole.Out;
        }

        if (state.Word is null)
        {
            // It said nothing since it was found: the state is older than that. At its start it says something at once.
            return !state.IsAttached || state.Owns is null || !(state.IsNamed || now - state.AttachedSince >= VrrpFold.Grace) ? VrrpRole.Out
                : state.Owns == true ? VrrpRole.Master
                : state.IsNamed ? VrrpRole.Backup
                : VrrpRole.Out;
        }

        if (state.MismatchSince is null || (!state.IsWordOld && !IsFalse(state, now)))
        {
            return state.Word switch { VrrpWord.Master => VrrpRole.Master, VrrpWord.Backup => VrrpRole.Backup, _ => VrrpRole.Out };
        }

        if (!state.IsWordOld)
        {
            return state.Word == VrrpWord.Backup ? VrrpRole.Backup : VrrpRole.Out;
        }

        return !IsFalse(state, now) ? VrrpRole.Out : state.Owns == true ? VrrpRole.Master : VrrpRole.Backup;
    }

    private static VrrpStanding StandingOf(VrrpState state, VrrpRole role, bool isLost, TimeSpan now)
    {
        bool owns = state.Owns == true;
        if (isLost)
        {
            bool isUnknown = state.Trouble is { } trouble && (!trouble.IsMissing || state.View.Attachments == 0);
            return isUnknown ? VrrpStanding.Unknown : owns ? VrrpStanding.StrandedAddress : VrrpStanding.DaemonLost;
        }

        return state.Word switch
        {
            VrrpWord.Stop => owns && now - state.WordSince >= VrrpFold.StopTime ? VrrpStanding.StrandedAddress : VrrpStanding.DaemonLost,
            VrrpWord.Deleted => owns && now - state.WordSince >= VrrpFold.StopTime ? VrrpStanding.StrandedAddress : VrrpStanding.Fault,
            VrrpWord.Backup or VrrpWord.Fault when !state.IsWordOld && IsFalse(state, now) => VrrpStanding.StrandedAddress,
            _ => role switch
            {
                VrrpRole.Master => VrrpStanding.Master,
                VrrpRole.Backup => VrrpStanding.Backup,
                _ => state.Word == VrrpWord.Fault ? VrrpStanding.Fault : VrrpStanding.Unknown,
            },
        };
    }

    private static VrrpState Doubts(VrrpState state, bool isBoth, bool isNone, TimeSpan now)
    {
        (Doubt? both, bool asksBoth) = Next(state.Both, isBoth, VrrpFold.SecondLook, state.Answers, now);
        (Doubt? none, bool asksNone) = Next(state.None, isNone, VrrpFold.NobodyTime, state.Answers, now);
        return state with { Both = both, None = none, Asks = state.Asks + (asksBoth || asksNone ? 1 : 0) };
    }

    private static (Doubt? Doubt, bool Asks) Next(Doubt? doubt, bool isSo, TimeSpan delay, long answers, TimeSpan now)
    {
        if (!isSo)
        {
            return (null, false);
        }

        doubt ??= new(now, answers, false);
        bool asks = !doubt.HasAsked && now - doubt.Since >= delay && answers <= doubt.Answers;
        return (asks ? doubt with { HasAsked = true } : doubt, asks);
    }

    private static bool IsSure(Doubt? doubt, TimeSpan delay, VrrpState state, TimeSpan now) => doubt is not null && doubt.IsSure(now, delay, state.Answers);

    /// <summary>The next moment at which something is so only because time has passed.</summary>
    private static TimeSpan? NextLook(VrrpState state, TimeSpan now)
    {
        TimeSpan? next = null;
        void At(TimeSpan? since, TimeSpan delay)
        {
            if (since + delay is { } then && then > now && (next is null || then < next))
            {
                next = then;
            }
        }

        At(state.HasTried ? state.AttachedSince : null, VrrpFold.Grace);
        At(state is { IsAttached: true, WasNamed: false, OtherName: not null } ? state.AttachedSince : null, VrrpFold.NamingTime);
        At(state.MismatchSince, VrrpFold.MismatchTime);
        At(state.UnclearSince, VrrpFold.MismatchTime);
        At(state.Word is VrrpWord.Stop or VrrpWord.Deleted ? state.WordSince : null, VrrpFold.StopTime);
        At(state.Both?.Since, VrrpFold.SecondLook);
        At(state.None?.Since, VrrpFold.NobodyTime);
        return next;
    }
}
