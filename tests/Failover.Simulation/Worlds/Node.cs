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

    internal int Index { get; } = index;

    internal FailoverMember Member { get; } = member;

    internal bool Up { get; set; } = true;

    /// <summary>Answers, but that it cannot serve.</summary>
    internal bool Sick { get; set; }

    internal bool Draining { get; set; }

    /// <summary>Added to each answer.</summary>
    internal TimeSpan Slowness { get; set; }

    internal bool Frozen { get; private set; }

    internal Lie Lie { get; set; }

    internal MemberRole Role { get; set; }

    internal string Lineage { get; set; } = "L0";

    internal long Number { get; set; } = 1;

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
