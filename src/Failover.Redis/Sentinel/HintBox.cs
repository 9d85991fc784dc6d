using System.Collections.Immutable;

namespace Failover.Redis.Sentinel;

/// <summary>What is to be told to the group next. Each kind has one place, so that it has a bound: what comes later takes the place of what was not told yet. Under the lock of the watch.</summary>
internal sealed class HintBox
{
    private readonly HashSet<FailoverMember> _looks = [];

    /// <summary>Gets or sets how long writers are to wait; zero ends a wait.</summary>
    internal TimeSpan? Hold { get; set; }

    /// <summary>Gets or sets whether most of the sentinels have named a master that the group has not been told of.</summary>
    internal bool IsBound { get; set; }

    /// <summary>Gets or sets the members from now on; empty for no change.</summary>
    internal ImmutableArray<FailoverMember> Members { get; set; } = [];

    /// <summary>Has a member looked at.</summary>
    internal void Look(FailoverMember member) => _looks.Add(member);

    internal FailoverMember[] TakeLooks()
    {
        FailoverMember[] looks = [.. _looks];
        _looks.Clear();
        return looks;
    }
}
