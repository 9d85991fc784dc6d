namespace Failover.Keepalived.SplitBrain;

/// <summary>Decides what was heard on the wire means, and what is to be sent. Values in, values out; times are those since the start. Nothing is looked for unless the address is held.</summary>
internal readonly record struct Lookout
{
    /// <summary>How often the announcement is repeated after another holder has gone: the network may not have settled at the first.</summary>
    internal const int Rounds = 3;

    internal static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>When to look again after a first sight: a little later than it takes to be proof.</summary>
    internal static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(300);

    internal static readonly TimeSpan RoundInterval = TimeSpan.FromSeconds(1);

    /// <summary>What is seen for a moment sooner after the address came here is the end of the move by which it came.</summary>
    private static readonly TimeSpan MoveEnds = TimeSpan.FromSeconds(1);

    internal bool IsHeld { get; private init; }

    internal Evidence Arp { get; private init; }

    internal Evidence Adverts { get; private init; }

    internal bool SeesAnother => Arp.IsProof || Adverts.IsProof;

    /// <summary>Gets the other holder after whom the address is to be announced: one that was proven, or that was seen for a moment which no move explains; null if none.</summary>
    internal string? Rival { get; private init; }

    private TimeSpan HeldSince { get; init; }

    private TimeSpan NextProbe { get; init; }

    private TimeSpan NextRound { get; init; }

    private int RoundsLeft { get; init; }

    internal Lookout Hold(bool isHeld, TimeSpan now) =>
        isHeld == IsHeld ? this : isHeld ? new() { IsHeld = true, HeldSince = now, NextProbe = now } : default;

    internal Lookout See(Sight sight, TimeSpan now)
    {
        if (!IsHeld)
        {
            return this;
        }

        Lookout next = sight.IsAdvert ? this with { Adverts = Adverts.See(sight, now) } : this with { Arp = Arp.See(sight, now) };
        TimeSpan look = now + SecondLook;
        return next with
        {
            // Both would take the network from each other in turns.
            RoundsLeft = 0,
            Rival = next.SeesAnother || now - HeldSince >= MoveEnds ? sight.Who : Rival,
            NextProbe = !next.SeesAnother && look < NextProbe ? look : NextProbe,
        };
    }

    /// <summary>Somebody else knows of another holder who is gone.</summary>
    internal Lookout Suspect(string rival) => IsHeld ? this with { Rival = Rival ?? rival } : this;

    /// <summary>What is to be done now, and what is so then.</summary>
    internal (Lookout Next, LookoutAct Act) At(TimeSpan now)
    {
        if (!IsHeld)
        {
            return (this, LookoutAct.None);
        }

        Lookout next = this with { Arp = Arp.At(now), Adverts = Adverts.At(now) };
        if (Rival is not null && next.Arp.Who is null && next.Adverts.Who is null)
        {
            next = next with { Rival = null, RoundsLeft = Rounds, NextRound = now };
        }

        LookoutAct act = LookoutAct.None;
        if (next.NextProbe <= now)
        {
            act |= LookoutAct.Probe;
            next = next with { NextProbe = now + ProbeInterval };
        }

        if (next.RoundsLeft > 0 && next.NextRound <= now)
        {
            act |= next.RoundsLeft == Rounds ? LookoutAct.Announce | LookoutAct.TellGone : LookoutAct.Announce;
            next = next with { RoundsLeft = next.RoundsLeft - 1, NextRound = now + RoundInterval };
        }

        return (next, act);
    }

    /// <summary>When there is something to do again; null if not before something happens.</summary>
    internal TimeSpan? Wakes()
    {
        if (!IsHeld)
        {
            return null;
        }

        TimeSpan first = NextProbe;
        foreach (TimeSpan? other in (ReadOnlySpan<TimeSpan?>)[Arp.Ends, Adverts.Ends, RoundsLeft > 0 ? NextRound : null])
        {
            first = other < first ? other.Value : first;
        }

        return first;
    }
}
