using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Probing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Failover.PostgreSql.Lag;

/// <summary>Tells from what the nodes of a group answer how far each standby is behind, and people when that is too far. Safe for any thread.</summary>
internal sealed class ReplicationLag(string group, LsnClock clock, Func<LagOptions> limits, ILoggerFactory? loggers)
{
    private readonly ILogger _logger = loggers?.CreateLogger<FailoverDataSource>() ?? (ILogger)NullLogger.Instance;

    /// <summary>A node said that it is the primary.</summary>
    internal void Primary(Node node, NodeAnswer answer, TimeSpan now)
    {
        if (answer.Position is { } position)
        {
            clock.Mark(answer.Epoch, position, now);
        }

        Keep(node, null);
    }

    /// <summary>A node said that it is a standby.</summary>
    /// <returns>How far it is behind; null if that is not known.</returns>
    internal TimeSpan? Standby(Node node, NodeAnswer answer, TimeSpan now)
    {
        if (answer.Position is not { } position)
        {
            return null;
        }

        StandbyPlace? before = node.Lag.Place;
        TimeSpan since = before?.Position == position ? before.Since : now;
        TimeSpan? lag = clock.Behind(answer.Epoch.Lineage, position, since, now);
        LagAlarm alarm = before?.Alarm ?? default;
        Keep(node, new(position, since, clock.BytesBehind(answer.Epoch.Lineage, position), lag is { } known ? alarm.Observe(known, now, limits()) : alarm), lag);
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
