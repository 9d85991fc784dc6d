using Microsoft.Extensions.Logging;

namespace Failover.Redis;

internal static partial class Log
{
    [LoggerMessage(9000, LogLevel.Information, "Connections wait: {Why}.", EventName = "RedisHeld")]
    internal static partial void Held(ILogger logger, string why);

    [LoggerMessage(9001, LogLevel.Information, "{Count} connections are cut: {Why}.", EventName = "RedisCut")]
    internal static partial void Cut(ILogger logger, int count, string why);

    [LoggerMessage(9002, LogLevel.Warning, "The multiplexer did not leave a connection within {Limit} ms ({Why}): it is cut, and what was on its way is of unknown outcome.", EventName = "RedisNoHandoff")]
    internal static partial void NoHandoff(ILogger logger, string why, double limit);

    [LoggerMessage(9004, LogLevel.Warning, "{Node} could not be given back its replica-priority: set it to {Before} (CONFIG SET replica-priority).", EventName = "RedisPriorityLeft")]
    internal static partial void PriorityLeft(ILogger logger, object node, int before);

    [LoggerMessage(9003, LogLevel.Warning, "A connection could not be prepared ({Error}); it is tried again.", EventName = "RedisNotPrepared")]
    internal static partial void NotPrepared(ILogger logger, string error);

    [LoggerMessage(9005, LogLevel.Warning, "resolveDns=true keeps the addresses that were found at first: these connections never go to where a name leads later. Leave it out.", EventName = "RedisPinsAddresses")]
    internal static partial void PinsAddresses(ILogger logger);
}
