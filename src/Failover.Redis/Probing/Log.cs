using Microsoft.Extensions.Logging;

namespace Failover.Redis.Probing;

/// <summary>What the look at the nodes logs. Event ids 9200 to 9299 are a promise to users: never reused, listed in the docs.</summary>
internal static partial class Log
{
    [LoggerMessage(9200, LogLevel.Warning, "Replica {Member} of {Group} is {Lag} s and {Bytes} bytes behind its master; more than {Limit} s.", EventName = "ReplicaLags")]
    internal static partial void ReplicaLags(ILogger logger, string member, string group, double lag, long? bytes, double limit);

    [LoggerMessage(9201, LogLevel.Information, "Replica {Member} of {Group} is no longer too far behind its master.", EventName = "ReplicaCaughtUp")]
    internal static partial void ReplicaCaughtUp(ILogger logger, string member, string group);
}
