namespace Failover.Keepalived.Watching;

/// <summary>
/// Takes in what was seen and heard, and tells how the node stands. Pure. A state that keepalived tells counts at once; whether the address is here decides where it told none, or one that may be old.
/// </summary>
internal static class VrrpFold
{
    /// <summary>A reload, and a child that is started again, close the FIFO for 5 to 15 milliseconds; who is away for longer has gone.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <summary>The address comes some 5 milliseconds after the word that it does; it may take longer on a busy machine.</summary>
    internal static readonly TimeSpan MismatchTime = TimeSpan.FromSeconds(1);

    /// <summary>keepalived removes the address before it says that it stops.</summary>
    internal static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(300);

    /// <summary>A planned move overlaps for some milliseconds.</summary>
    internal static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(250);

    /// <summary>So long nobody may hold the address before that is told.</summary>
    internal static readonly TimeSpan NobodyTime = TimeSpan.FromSeconds(1);

    /// <summary>At its start keepalived names its instances one after the other.</summary>
    internal static readonly TimeSpan NamingTime = TimeSpan.FromSeconds(2);

    internal static VrrpState Apply(VrrpState state, VrrpEvent happened, VrrpNames names, TimeSpan now) =>
        VrrpJudge.Judge(TakeIn(Confirm(state, now), happened, names, now), names, now);

    /// <summary>A word of before, with which the address has agreed for a while, is not old any more: at the next move the address may be seen before the word of it is heard.</summary>
    private static VrrpState Confirm(VrrpState state, TimeSpan now) =>
        state is { IsWordOld: true, IsAttached: true, Owns: { } owns, Word: VrrpWord.Master or VrrpWord.Backup, MismatchSince: null } && owns == (state.Word == VrrpWord.Master) && now - state.AttachedSince >= MismatchTime
            ? state with { IsWordOld = false }
            : state;

    private static VrrpState TakeIn(VrrpState state, VrrpEvent happened, VrrpNames names, TimeSpan now) => happened switch
    {
        Attached => Attach(state, now),
        Told told => Hear(state, told, names, now),
        Detached => Lose(state, null, now),
        Unreadable trouble => Lose(state, trouble, now),
        OwnershipSeen seen => state with { Owns = seen.Owns },
        PeerHeard { Peer: null } => state with { Peer = null },
        PeerHeard { Peer: { } peer } => peer.Answers < state.Answers ? state : state with { Peer = peer, Answers = peer.Answers },
        ForeignSeen seen => state with { SeesAnother = seen.SeesAnother },
        _ => state,
    };

    /// <summary>A reload tells no state at all, whatever the state: the last one stands, as far as what is to be seen agrees.</summary>
    private static VrrpState Attach(VrrpState state, TimeSpan now) => state with
    {
        IsAttached = true,
        AttachedSince = now,
        HasTried = true,
        Trouble = null,
        Word = state.Word is VrrpWord.Stop or VrrpWord.Deleted ? null : state.Word,
        IsWordOld = true,
        IsNamed = false,
        MismatchSince = null,
        View = state.View with { Attachments = state.View.Attachments + 1, Priority = null },
    };

    private static VrrpState Lose(VrrpState state, Unreadable? trouble, TimeSpan now) => state with
    {
        IsAttached = false,
        AttachedSince = state is { HasTried: true, IsAttached: false } ? state.AttachedSince : now,
        HasTried = true,
        Trouble = trouble,
    };

    private static VrrpState Hear(VrrpState state, Told told, VrrpNames names, TimeSpan now)
    {
        foreach (FifoLine line in told.Lines)
        {
            if (line.IsGroup)
            {
                continue;
            }

            if (line.Name != names.Instance)
            {
                state = state with { OtherName = line.Name };
            }
            else if (line.Word != VrrpWord.HeardLowerMaster)
            {
                state = Hear(state, line, told.AreOld, now);
            }
        }

        return state;
    }

    private static VrrpWord? Recovered(VrrpState state, VrrpWord said) => (state.Owns, state.Word, said) switch
    {
        (false, VrrpWord.Master, VrrpWord.BackupPriority) => VrrpWord.Backup,
        (true, VrrpWord.Backup or VrrpWord.Fault, VrrpWord.MasterPriority) => VrrpWord.Master,
        _ => null,
    };

    private static VrrpState Hear(VrrpState state, FifoLine line, bool isOld, TimeSpan now)
    {
        // With a state in which it takes no part it tells the priority that it had before.
        int? priority = line.Word is VrrpWord.Fault or VrrpWord.Stop or VrrpWord.Deleted ? null : line.Priority ?? state.View.Priority;
        if (!line.IsState && VrrpJudge.IsFalse(state, now) && Recovered(state, line.Word) is { } word)
        {
            // A line of a state was lost, to somebody else who read it. What it says now and where the address is agree.
            state = state with { Word = word, WordSince = now, IsWordOld = false, MismatchSince = null };
        }

        state = state with { IsNamed = true, WasNamed = true, View = state.View with { Lines = state.View.Lines + 1, Priority = priority } };
        return line.IsState
            ? state with { Word = line.Word, WordSince = now, IsWordOld = isOld, MismatchSince = null }
            : state;
    }
}
