using System.Diagnostics.CodeAnalysis;
using Failover.Lag;

namespace Failover;

/// <summary>
/// How far replicas are behind, in seconds: remembers when the primary's log was how long, and so when it passed the place that a replica has come to. Right while nothing is written, and while a replica hears nothing; every question put to
/// the replica alone is wrong in one of these. Each lineage has a clock of its own: a cluster that is none of ours must not set ours; of the lineages, the four that were seen last are kept. Safe for any thread.
/// </summary>
[Experimental("FAILOVER001")]
public sealed class PositionClock
{
    /// <summary>More lineages than a rebuild and a stranger make.</summary>
    private const int MostLineages = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LogMarks> _logs = new(StringComparer.Ordinal);

    /// <summary>The primary's log was this long at this time.</summary>
    /// <param name="epoch">The primary's epoch. Within a lineage the log goes on with a higher one; a lower one is ignored.</param>
    /// <param name="position">The end of its log.</param>
    /// <param name="at">The time, on a clock that only goes forward.</param>
    public void Mark(Epoch epoch, long position, TimeSpan at)
    {
        lock (_gate)
        {
            if (!_logs.TryGetValue(epoch.Lineage, out LogMarks? log))
            {
                if (_logs.Count == MostLineages)
                {
                    _logs.Remove(_logs.MinBy(static one => one.Value.Newest).Key);
                }

                _logs[epoch.Lineage] = log = new LogMarks();
            }

            log.Add(epoch.Number, position, at);
        }
    }

    /// <summary>Returns how far a replica that has come to a place is behind; null as long as its primary has not been seen, and where it is ahead of that for good.</summary>
    /// <param name="lineage">What the replica belongs to.</param>
    /// <param name="position">How far it has replayed.</param>
    /// <param name="since">When it was first seen there.</param>
    /// <param name="now">The time.</param>
    public TimeSpan? Behind(string lineage, long position, TimeSpan since, TimeSpan now)
    {
        lock (_gate)
        {
            return _logs.GetValueOrDefault(lineage)?.Behind(position, since, now);
        }
    }

    /// <summary>Returns how many bytes of log a replica that has come to a place is behind; null as long as its primary has not been seen.</summary>
    /// <param name="lineage">What the replica belongs to.</param>
    /// <param name="position">How far it has replayed.</param>
    public long? BytesBehind(string lineage, long position)
    {
        lock (_gate)
        {
            return _logs.GetValueOrDefault(lineage)?.BytesBehind(position);
        }
    }
}
