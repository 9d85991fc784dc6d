using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Watching;

/// <summary>From what was heard to how this node stands. Pure: facts and the time in, a state out.</summary>
internal static class VrrpFold
{
    /// <summary>The address comes some milliseconds after the line, and goes some before it.</summary>
    internal static readonly TimeSpan Settles = TimeSpan.FromSeconds(1);

    /// <summary>A keepalived that stops removes the address itself.</summary>
    internal static readonly TimeSpan Removes = TimeSpan.FromMilliseconds(300);

    /// <summary>In a planned move both hold the address for some milliseconds.</summary>
    internal static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(250);

    /// <summary>How long neither may hold it before that is told.</summary>
    internal static readonly TimeSpan NobodyFor = TimeSpan.FromSeconds(1);

    internal static FoldState Take(FoldState state, FifoEvent found, string instance, TimeSpan now) => found switch
    {
        FifoEvent.Attached => state with { IsAttached = true, Attachments = state.Attachments + 1, FormerWord = state.Word ?? state.FormerWord, Word = null, Priority = null, OtherInstance = null, Unreadable = null, EndedAt = null, HasStopped = false },
        FifoEvent.Ended => state with { IsAttached = false, EndedAt = now, Priority = null },
        FifoEvent.Unreadable unreadable => state with { Unreadable = unreadable.Why },
        FifoEvent.Said { Line: { Kind: "INSTANCE" } line } => line.Name == instance ? Said(state, line) : state with { OtherInstance = line.Name },
        _ => state,
    };

    internal static FoldState Take(FoldState state, bool owns, PeerClaim? peer, bool seesAnother) => state with { Owns = owns, Peer = peer, SeesAnother = seesAnother };

    /// <summary>What the time that has passed means.</summary>
    internal static FoldState Settle(FoldState state, TimeSpan now)
    {
        bool differs = state.IsAttached && state.Word is { } word && (word == "MASTER") != state.Owns;
        state = state with { DiffersSince = differs ? state.DiffersSince ?? now : null };
        bool isMaster = RoleOf(state) == VrrpRole.Master;
        state = state with { AnswersBefore = !isMaster ? -1 : state.AnswersBefore >= 0 ? state.AnswersBefore : state.Peer?.Answers ?? 0 };
        VrrpRole? peer = PeerRoleOf(state);
        bool clashes = isMaster && peer == VrrpRole.Master;
        (long Answers, TimeSpan At)? first = clashes ? state.FirstClash ?? (state.Peer!.Answers, now) : null;
        return state with
        {
            FirstClash = first,
            IsDual = (clashes && (state.IsDual || (state.Peer!.Answers > first!.Value.Answers && now - first.Value.At >= SecondLook))) || (isMaster && state.SeesAnother),
            NobodySince = !isMaster && peer is not null and not VrrpRole.Master ? state.NobodySince ?? now : null,
        };
    }

    internal static VrrpView View(FoldState state, string instance, TimeSpan now)
    {
        VrrpRole role = RoleOf(state);
        VrrpClaim? claim = ClaimOf(state);
        return new()
        {
            Standing = StandingOf(state, role, now),
            Role = role,
            IsAttached = state.IsAttached,
            Attachments = state.Attachments,
            OwnsAddress = state.Owns,
            Priority = state.Priority,
            Lines = state.Lines,
            IsFault = state is { IsAttached: true, Word: "FAULT" },
            PeerRole = PeerRoleOf(state),
            PeerCredit = claim?.Credit,
            PeerCanServe = claim is not null && state.Peer!.CanServe,
            Problem = ProblemOf(state, instance, now),
        };
    }

    /// <summary>When it is to be looked at again although nothing is heard; null if never.</summary>
    internal static TimeSpan? NextLook(FoldState state, TimeSpan now)
    {
        TimeSpan[] times =
        [
            .. state.DiffersSince is { } differs ? [differs + Settles] : Array.Empty<TimeSpan>(),
            .. state.EndedAt is { } ended ? [ended + Removes] : Array.Empty<TimeSpan>(),
            .. state.NobodySince is { } nobody ? [nobody + NobodyFor] : Array.Empty<TimeSpan>(),
        ];
        return times.Where(time => time > now).Select(static time => (TimeSpan?)time).Min();
    }

    private static FoldState Said(FoldState state, FifoLine line) => line.Word switch
    {
        "MASTER" or "BACKUP" => state with { Word = line.Word, Priority = line.Priority ?? state.Priority, Lines = state.Lines + 1, HasStopped = false },

        // It names the priority that it had before.
        "FAULT" or "STOP" or "DELETED" => state with { Word = line.Word, Priority = null, Lines = state.Lines + 1, HasStopped = line.Word != "FAULT" },

        // After a reload a master says BACKUP_PRIORITY: it is a priority, and no state.
        "MASTER_PRIORITY" or "BACKUP_PRIORITY" => state with { Priority = line.Priority ?? state.Priority, Lines = state.Lines + 1 },
        _ => state,
    };

    private static VrrpRole RoleOf(FoldState state) => !state.IsAttached ? VrrpRole.Out : (state.Word, state.Owns) switch
    {
        ("MASTER", _) => VrrpRole.Master,
        ("BACKUP", _) => VrrpRole.Backup,
        (null, true) => VrrpRole.Master,
        (null, false) => state.FormerWord == "FAULT" ? VrrpRole.Out : VrrpRole.Backup,
        _ => VrrpRole.Out,
    };

    private static VrrpClaim? ClaimOf(FoldState state) => state.Peer is { IsFresh: true } peer ? VrrpClaim.Read(peer.Value) : null;

    /// <summary>What the peer said before this node became master says nothing of it since.</summary>
    private static VrrpRole? PeerRoleOf(FoldState state) => state.AnswersBefore >= 0 && state.Peer?.Answers <= state.AnswersBefore ? null : ClaimOf(state)?.Role;

    private static VrrpStanding StandingOf(FoldState state, VrrpRole role, TimeSpan now)
    {
        bool isLate = state.DiffersSince is { } since && now - since >= Settles;
        if (!state.IsAttached)
        {
            return state.Attachments == 0 ? (state.Owns ? VrrpStanding.StrandedAddress : VrrpStanding.Unknown)
                : state.Owns && (!state.HasStopped || now - state.EndedAt >= Removes) ? VrrpStanding.StrandedAddress
                : VrrpStanding.DaemonLost;
        }

        return state.IsDual ? VrrpStanding.DualMaster
            : isLate && role != VrrpRole.Master ? VrrpStanding.StrandedAddress
            : state.NobodySince is { } nobody && now - nobody >= NobodyFor ? VrrpStanding.NoMaster
            : role switch
            {
                VrrpRole.Master => VrrpStanding.Master,
                VrrpRole.Backup => VrrpStanding.Backup,
                _ => VrrpStanding.Fault,
            };
    }

    private static string? ProblemOf(FoldState state, string instance, TimeSpan now) => state switch
    {
        { IsAttached: false } => state.Unreadable ?? "keepalived has gone",
        { Word: "MASTER", Owns: false, DiffersSince: { } since } when now - since >= Settles => "keepalived says MASTER, and the address is not here",
        { Word: null, Lines: 0, OtherInstance: { } other } => $"keepalived speaks of the instance {other}, and not of {instance}",
        _ => null,
    };
}
