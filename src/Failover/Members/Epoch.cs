namespace Failover;

/// <summary>
/// How far a lineage of primaries has come. Within one lineage the number grows with each promotion; numbers of different lineages cannot be compared.
/// </summary>
/// <param name="Lineage">What the number belongs to: PostgreSQL's system identifier, a Sentinel set, an arbiter's cluster.</param>
/// <param name="Number">PostgreSQL's timeline, Sentinel's config epoch, an arbiter's fencing token.</param>
public readonly record struct Epoch(string Lineage, long Number)
{
    /// <summary>Returns <c>lineage/number</c>.</summary>
    public override string ToString() => $"{Lineage}/{Number}";
}
