using Microsoft.Extensions.Logging;

namespace Failover.Keepalived.Watching;

/// <summary>What is heard of keepalived: 11000 to 11019.</summary>
internal static partial class Log
{
    [LoggerMessage(11000, LogLevel.Information, "For the address of {Group} this node is {Standing}.", EventName = "VrrpStanding")]
    internal static partial void Stands(ILogger logger, string group, VrrpStanding standing);

    [LoggerMessage(11001, LogLevel.Warning, "For the address of {Group} this node is {Standing}.", EventName = "VrrpTrouble")]
    internal static partial void StandsBadly(ILogger logger, string group, VrrpStanding standing);

    [LoggerMessage(11002, LogLevel.Warning, "keepalived is not heard as it should be for the address of {Group}: {Problem}.", EventName = "VrrpProblem")]
    internal static partial void Problem(ILogger logger, string group, string problem);
}
