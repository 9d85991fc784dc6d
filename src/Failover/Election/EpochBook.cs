using System.Collections.Immutable;

namespace Failover.Election;

/// <summary>The highest epoch seen of each lineage, and which lineages are trusted. Immutable.</summary>
internal sealed record EpochBook
{
    /// <summary>How many lineages are remembered; the trusted one is never forgotten. A cluster has one; more come with restores and lies.</summary>
    private const int MaxLineages = 16;

    internal static readonly EpochBook Empty = new();

    /// <summary>The one lineage whose primary may be active; null until the first proof, unless somebody said so before.</summary>
    internal string? Trusted { get; init; }

    /// <summary>The last lineage that was trusted because the settings asked for it. Kept, so that a setting that stays is obeyed once.</summary>
    internal string? Asked { get; init; }

    internal ImmutableArray<Epoch> Highest { get; init; } = [];

    /// <summary>When a member last told an epoch of the trusted lineage.</summary>
    internal TimeSpan TrustedHeard { get; init; }

    internal long HighestOf(string lineage)
    {
        foreach (Epoch epoch in Highest)
        {
            if (string.Equals(epoch.Lineage, lineage, StringComparison.Ordinal))
            {
                return epoch.Number;
            }
        }

        return long.MinValue;
    }

    /// <summary>Whether a primary at this epoch may be active.</summary>
    internal bool Allows(Epoch epoch) =>
        (Trusted is null || string.Equals(Trusted, epoch.Lineage, StringComparison.Ordinal)) && epoch.Number >= HighestOf(epoch.Lineage);

    /// <summary>
    /// Whether a primary that tells no epoch may be active: it cannot show that it is not stale, where there are epochs. As long as none has ever been told there are none, and a lineage that
    /// somebody trusts in advance says nothing of such members.
    /// </summary>
    internal bool AllowsNone => Trusted is null || Highest.IsEmpty;

    /// <summary>A member told this epoch, in whatever role.</summary>
    internal EpochBook Heard(Epoch epoch, TimeSpan now) =>
        string.Equals(Trusted, epoch.Lineage, StringComparison.Ordinal) ? this with { TrustedHeard = now } : this;

    /// <summary>A primary proved this epoch, or a quorum bound a member to it.</summary>
    internal EpochBook Raise(Epoch epoch)
    {
        for (int i = 0; i < Highest.Length; i++)
        {
            if (string.Equals(Highest[i].Lineage, epoch.Lineage, StringComparison.Ordinal))
            {
                return Highest[i].Number >= epoch.Number ? this : this with { Highest = Highest.SetItem(i, epoch) };
            }
        }

        ImmutableArray<Epoch> kept = Highest;
        if (kept.Length >= MaxLineages)
        {
            int oldest = string.Equals(kept[0].Lineage, Trusted, StringComparison.Ordinal) ? 1 : 0;
            kept = kept.RemoveAt(oldest);
        }

        return this with { Highest = kept.Add(epoch) };
    }

    /// <summary>Obeys a setting, once.</summary>
    internal EpochBook Ask(string? lineage, TimeSpan now) =>
        lineage is null || string.Equals(lineage, Asked, StringComparison.Ordinal) ? this : Trust(lineage, now) with { Asked = lineage };

    internal EpochBook Trust(string lineage, TimeSpan now) => this with { Trusted = lineage, TrustedHeard = now };
}
