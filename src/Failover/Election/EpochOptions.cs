namespace Failover;

/// <summary>Settings for groups whose members prove their role with an epoch. May be changed while running, but for <see cref="Path"/>.</summary>
public sealed class EpochOptions
{
    /// <summary>Gets or sets the file in which the highest epoch survives a restart. A torn or unreadable file is reported and counts as none.</summary>
    /// <value>The default is null: nothing is kept.</value>
    public string? Path { get; set; }

    /// <summary>
    /// Gets or sets a lineage to trust in place of the one known: set it after a restore, a rebuild or an upgrade that began a new lineage. From then on no member of another lineage is active, be it alone. A value is obeyed once, when it is
    /// first seen; one that stays does not undo a later trust. Without effect as long as no member has told an epoch, and where members are chosen by their order.
    /// </summary>
    /// <value>The default is null.</value>
    public string? TrustLineage { get; set; }

    /// <summary>Gets or sets after how much silence of the known lineage a primary of a new one is trusted by itself.</summary>
    /// <value>The default is null: never. From 1 minute to 30 days.</value>
    public TimeSpan? WhenOldSilentFor { get; set; }

    /// <summary>Gets or sets how long two members without epochs may both say that they are primary before it counts as split brain: planned changes overlap for a moment.</summary>
    /// <value>The default is 10 seconds; from 0 to 10 minutes.</value>
    public TimeSpan OverlapTolerance { get; set; } = TimeSpan.FromSeconds(10);
}
