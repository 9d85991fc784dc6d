using Microsoft.Extensions.Logging;

namespace Failover.PostgreSql;

/// <summary>What data sources log. Event ids 6000 to 6999 are a promise to users: never reused, listed in the docs.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Warning, "Standby {Member} of {Group} is {Lag} s and {Bytes} bytes behind its primary; more than {Limit} s.", EventName = "StandbyLags")]
    internal static partial void StandbyLags(ILogger logger, string member, string group, double lag, long? bytes, double limit);

    [LoggerMessage(6001, LogLevel.Information, "Standby {Member} of {Group} is no longer too far behind its primary.", EventName = "StandbyCaughtUp")]
    internal static partial void StandbyCaughtUp(ILogger logger, string member, string group);
}
