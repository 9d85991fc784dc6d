using System.Collections.Concurrent;

namespace Failover.TestServers.Writes.Redis;

/// <summary>A node took writes into one history: from a promotion, or a start, to the end of it. Times are timestamps of <see cref="System.Diagnostics.Stopwatch"/>. Safe for any thread.</summary>
/// <param name="node">The name of the node.</param>
/// <param name="id">The replication id of the history, which is new with each reign.</param>
/// <param name="follows">The id of the history that it continues: what the node had as a replica.</param>
/// <param name="promotedAt">The first offset of that history that the node did not have when it was promoted; -1 if it was not.</param>
/// <param name="first">When the first write was acknowledged.</param>
public sealed class Reign(string node, string id, string follows, long promotedAt, long first)
{
    private readonly ConcurrentQueue<(long Asked, long Offset)> _offsets = [];
    private long _last = first;
    private long _over = -1;

    /// <summary>Gets the name of the node.</summary>
    public string Node { get; } = node;

    /// <summary>Gets the replication id of the history, which is new with each reign.</summary>
    public string Id { get; } = id;

    /// <summary>Gets the id of the history that it continues: what the node had as a replica.</summary>
    public string Follows { get; } = follows;

    /// <summary>Gets the first offset of that history that the node did not have when it was promoted; -1 if it was not.</summary>
    public long PromotedAt { get; } = promotedAt;

    /// <summary>Gets when the first write was acknowledged.</summary>
    public long First { get; } = first;

    /// <summary>Gets when the last so far was.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Gets until when the node may have taken writes: until it was seen to take none; until its last one where that was never seen.</summary>
    public long Until => Math.Max(Volatile.Read(ref _over), Last);

    /// <summary>Says all of it in one line.</summary>
    public override string ToString() => $"{Node} {Id[..Math.Min(8, Id.Length)]} after {Follows[..Math.Min(8, Follows.Length)]} at {PromotedAt}";

    /// <summary>Notes a write, and how long the history was when it had been asked for.</summary>
    internal void Note(long asked, long acknowledged, long offset)
    {
        _offsets.Enqueue((asked, offset));
        Volatile.Write(ref _last, acknowledged);
    }

    /// <summary>Notes that the node was seen to take no writes into it. Only the first such look after a write counts.</summary>
    internal void End(long seen)
    {
        if (Volatile.Read(ref _over) < Last)
        {
            Volatile.Write(ref _over, seen);
        }
    }

    /// <summary>How long the history was, at most, at a time: what was acknowledged by then lies within.</summary>
    /// <returns>Null if nobody looked after that.</returns>
    internal long? OffsetBy(long time) => _offsets.Where(look => look.Asked >= time).Select(static look => (long?)look.Offset).FirstOrDefault();
}
