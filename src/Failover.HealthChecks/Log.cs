using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Failover.HealthChecks;

/// <summary>Event ids 4000 to 4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Runs {Count} health checks: {Checks}.", EventName = "HealthStarted")]
    internal static partial void Started(ILogger logger, int count, string checks);

    [LoggerMessage(4001, LogLevel.Warning, "Health check {Check} is {Status} ({Error}). {Words}", EventName = "CheckFails")]
    internal static partial void Fails(ILogger logger, string check, HealthStatus status, string error, string words);

    [LoggerMessage(4002, LogLevel.Information, "Health check {Check} passes.", EventName = "CheckPasses")]
    internal static partial void Passes(ILogger logger, string check);

    [LoggerMessage(4003, LogLevel.Warning, "Health check {Check} goes on although its time of {Timeout} is over, and heeds no token. It is left behind; each time it would be due counts as a failure.", EventName = "CheckStuck")]
    internal static partial void Stuck(ILogger logger, string check, TimeSpan timeout);

    [LoggerMessage(4004, LogLevel.Information, "Health check {Check} has ended after all.", EventName = "CheckNoLongerStuck")]
    internal static partial void NoLongerStuck(ILogger logger, string check);

    [LoggerMessage(4005, LogLevel.Information, "The node is operational: {Operational}; can serve: {CanServe} ({Reason}).", EventName = "VerdictsChanged")]
    internal static partial void Verdicts(ILogger logger, bool operational, bool canServe, string reason);
}
