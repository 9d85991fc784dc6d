using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Probing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Failover.PostgreSql.Lag;

/// <summary>Tells from what the nodes of a group answer how far each standby is behind, and people when that is too far. Safe for any thread.</summary>
internal sealed class ReplicationLag(string group, PositionClock clock, Func<LagOptions> limits, ILoggerFactory? loggers)
{
    private readonly ILogger _logger = loggers?.CreateLogger<FailoverDataSource>() ?? (ILogger)NullLogger.Instance;

    /// <summary>A node said that it is the primary.</summary>
    internal void Primary(Node node, NodeAnswer answer, TimeSpan now)
    {
        if (answer is { Position: { } position, Epoch: { } epoch })
        {
            clock.Mark(epoch, position, now);
        }

        Keep(node, null);
    }

    /// <summary>A node said that it is a standby.</summary>
    /// <returns>How far it is behind; null if that is not known.</returns>
    internal TimeSpan? Standby(Node node, NodeAnswer answer, TimeSpan now)
    {
        StandbyPlace? before = node.Lag.Place;
        LagAlarm alarm = before?.Alarm ?? default;
        if (answer.Lag is { } told)
        {
            // Without a log of its own: there is no place, and no bytes.
            Keep(node, new(0, now, null, alarm.Observe(told, now, limits())), told);
            return told;
        }

        if (answer is not { Position: { } position, Epoch: { } epoch })
        {
            return null;
        }

        TimeSpan since = before?.Position == position ? before.Since : now;
        TimeSpan? lag = clock.Behind(epoch.Lineage, position, since, now);
        Keep(node, new(position, since, clock.BytesBehind(epoch.Lineage, position), lag is { } known ? alarm.Observe(known, now, limits()) : alarm), lag);
        return lag;
    }

    private void Keep(Node node, StandbyPlace? place, TimeSpan? lag = null)
    {
        bool was = node.Lag.Place is { Alarm.IsOn: true };
        bool isNow = place is { Alarm.IsOn: true };
        node.Lag.Place = place;
        if (isNow && !was)
        {
            Log.StandbyLags(_logger, node.Member.Name, group, lag.GetValueOrDefault().TotalSeconds, place!.Bytes, limits().Alarm.TotalSeconds);
        }
        else if (was && !isNow)
        {
            Log.StandbyCaughtUp(_logger, node.Member.Name, group);
        }
    }
}
