using Microsoft.Extensions.Logging;

namespace Failover.Redis.Probing;

/// <summary>Tells from what the nodes of a group answer how far each replica is behind, and people when that is too far. Safe for any thread.</summary>
internal sealed class ReplicaLag(string group, PositionClock clock, Func<LagOptions> limits, ILogger logger)
{
    private readonly Lock _gate = new();
    private volatile MasterLog? _log;

    /// <summary>The node that is the master said so.</summary>
    internal void Master(RedisNode node, NodeAnswer answer, Epoch epoch, TimeSpan now)
    {
        lock (_gate)
        {
            MasterLog? before = _log is { } known && string.Equals(known.Epoch.Lineage, epoch.Lineage, StringComparison.Ordinal) ? known : null;
            if (before is null || epoch.Number >= before.Epoch.Number)
            {
                // A promotion goes on with the log under another name; a master that has forgotten its own begins a new one.
                bool goesOn = before is not null && (before.Log == answer.Log || before.Log == answer.FormerLog);
                MasterLog log = new(goesOn ? before!.Root : $"{epoch.Lineage}: {answer.Log}", epoch, answer.Log, answer.FormerLog, answer.FormerEnd);
                clock.Mark(new Epoch(log.Root, epoch.Number), answer.Offset, now);
                _log = log;
            }
        }

        Keep(node, null, null);
    }

    /// <summary>A node said that it is a replica.</summary>
    /// <returns>How far it is behind; null if that is not known.</returns>
    internal TimeSpan? Replica(RedisNode node, NodeAnswer answer, TimeSpan now)
    {
        ReplicaPlace? before = node.Place;
        TimeSpan since = before?.Offset == answer.Offset ? before.Since : now;
        MasterLog? known = _log;
        MasterLog? log = known is not null && known.Holds(answer) ? known : null;
        TimeSpan? lag = log is null ? null : clock.Behind(log.Root, answer.Offset, since, now);
        if (!answer.IsLinkUp && answer.LinkDownFor is { } down && (lag < down || (lag is null && known is null)))
        {
            // Without a link nobody knows what it lacks: at worst all since then.
            lag = down;
        }

        LagAlarm alarm = before?.Alarm ?? default;
        Keep(node, new(answer.Offset, since, log is null ? null : clock.BytesBehind(log.Root, answer.Offset), lag is { } told ? alarm.Observe(told, now, limits()) : alarm), lag);
        return lag;
    }

    private void Keep(RedisNode node, ReplicaPlace? place, TimeSpan? lag)
    {
        bool was = node.Place is { Alarm.IsOn: true };
        bool isNow = place is { Alarm.IsOn: true };
        node.Place = place;
        if (isNow && !was)
        {
            Log.ReplicaLags(logger, node.Member.Name, group, lag.GetValueOrDefault().TotalSeconds, place!.Bytes, limits().Alarm.TotalSeconds);
        }
        else if (was && !isNow)
        {
            Log.ReplicaCaughtUp(logger, node.Member.Name, group);
        }
    }

    /// <summary>The log that the master writes.</summary>
    /// <param name="Root">The name under which it began: offsets grow through promotions.</param>
    /// <param name="Epoch">The master's epoch. What an older one's master says comes too late.</param>
    /// <param name="Log">Its name now.</param>
    /// <param name="FormerLog">Its name before the promotion.</param>
    /// <param name="FormerEnd">How far both are the same.</param>
    private sealed record MasterLog(string Root, Epoch Epoch, string Log, string? FormerLog, long FormerEnd)
    {
        /// <summary>Whether what a replica has is a part of this log. Of another's an offset says nothing.</summary>
        internal bool Holds(NodeAnswer replica) => replica.Log == Log || (replica.Log == FormerLog && replica.Offset <= FormerEnd);
    }
}
