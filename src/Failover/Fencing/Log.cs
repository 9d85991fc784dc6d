using Microsoft.Extensions.Logging;

namespace Failover.Fencing;

/// <summary>What a fence logs. Part of the block 1000 to 1999 of <c>Failover</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(1120, LogLevel.Warning, "{Target} is fenced for {Resource}: {Command}", EventName = "FenceBegins")]
    internal static partial void FenceBegins(ILogger logger, string target, string resource, string command);

    [LoggerMessage(1121, LogLevel.Warning, "{Target} is fenced; {Resource} may go on.", EventName = "Fenced")]
    internal static partial void Fenced(ILogger logger, string target, string resource);

    [LoggerMessage(1122, LogLevel.Error, "{Target} could not be fenced for {Resource}, and nobody is promoted: {Evidence}.", EventName = "NotFenced")]
    internal static partial void NotFenced(ILogger logger, string target, string resource, string evidence);

    [LoggerMessage(1123, LogLevel.Warning, "Dry run: {Target} would be fenced for {Resource}: {Command}", EventName = "FenceDryRun")]
    internal static partial void FenceDryRun(ILogger logger, string target, string resource, string command);
}
