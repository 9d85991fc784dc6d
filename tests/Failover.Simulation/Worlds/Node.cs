namespace Failover.Simulation.Worlds;

/// <summary>What a lying server says.</summary>
internal enum Lie
{
    None,

    /// <summary>That it is primary, at an epoch that is over.</summary>
    PrimaryBefore,

    /// <summary>That it is primary, at the epoch of the true one.</summary>
    PrimaryNow,

    /// <summary>That it is primary, at an epoch that has not begun.</summary>
    PrimaryAhead,

    /// <summary>That it follows, whatever it does.</summary>
    Replica,

    /// <summary>Something that is no answer.</summary>
    Garbage,

    /// <summary>An answer that breaks off: it is one to calls, which need its beginning only, and none to probes.</summary>
    Half,
}

/// <summary>One server process.</summary>
internal sealed class Node(int index, FailoverMember member)
{
    private readonly Queue<Action> _frozen = new();
    private int _ways = index;

    internal int Index { get; } = index;

    internal FailoverMember Member { get; } = member;

    internal bool Up { get; set; } = true;

    /// <summary>Answers, but that it cannot serve.</summary>
    internal bool Sick { get; set; }

    internal bool Draining { get; private set; }

    /// <summary>Whom it tells that it is leaving, and for how long; calls and probes may be served by different parts of a server.</summary>
    internal bool TellsCalls { get; private set; }

    internal bool TellsProbes { get; private set; }

    internal TimeSpan? DrainFor { get; private set; }

    /// <summary>What it adds to a no: when to come again.</summary>
    internal TimeSpan? RetryAfter { get; private set; }

    /// <summary>Added to each answer.</summary>
    internal TimeSpan Slowness { get; set; }

    internal bool Frozen { get; private set; }

    internal Lie Lie { get; set; }

    internal MemberRole Role { get; set; }

    internal string Lineage { get; set; } = "L0";

    internal long Number { get; set; } = 1;

    /// <summary>Each time in another way, without dice: whom it tells, and for how long.</summary>
    internal void Drain()
    {
        int way = _ways++;
        Draining = true;
        TellsCalls = way % 3 != 1;
        TellsProbes = way % 3 != 2;
        DrainFor = way % 4 == 3 ? null : TimeSpan.FromSeconds(Math.Pow(7, way % 4));
    }

    internal void Undrain() => Draining = TellsCalls = TellsProbes = false;

    /// <summary>Every second time it says when to come again.</summary>
    internal void Sicken()
    {
        int way = _ways++;
        Sick = true;
        RetryAfter = way % 2 == 0 ? TimeSpan.FromSeconds(Math.Pow(5, way % 5)) : null;
    }

    internal void Freeze() => Frozen = true;

    /// <summary>What came in while the process stood still is worked off.</summary>
    internal void Thaw()
    {
        Frozen = false;
        while (_frozen.TryDequeue(out Action? action))
        {
            action();
        }
    }

    internal void WhenRunning(Action action)
    {
        if (Frozen)
        {
            _frozen.Enqueue(action);
        }
        else
        {
            action();
        }
    }
}
