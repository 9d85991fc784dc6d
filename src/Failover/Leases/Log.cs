using Microsoft.Extensions.Logging;

namespace Failover.Leases;

/// <summary>What leases and gates log. Part of the block 1000 to 1999 of <c>Failover</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "The lease of {Resource} is held with token {Token} of {Lineage}.", EventName = "LeaseHeld")]
    internal static partial void LeaseGranted(ILogger logger, string resource, long token, string lineage);

    [LoggerMessage(1101, LogLevel.Warning, "The lease of {Resource} with token {Token} was not renewed: {Evidence}. It is tried again until its time runs out.", EventName = "LeaseNotRenewed")]
    internal static partial void LeaseNotRenewed(ILogger logger, string resource, long token, string evidence);

    [LoggerMessage(1102, LogLevel.Error, "The lease of {Resource} with token {Token} is over: {Evidence}.", EventName = "LeaseOver")]
    internal static partial void LeaseLost(ILogger logger, string resource, long token, string evidence);

    [LoggerMessage(1103, LogLevel.Information, "The lease of {Resource} with token {Token} is given back.", EventName = "LeaseGivenBack")]
    internal static partial void LeaseGivenBack(ILogger logger, string resource, long token);

    [LoggerMessage(1104, LogLevel.Warning, "The store was not told that the lease of {Resource} is given back: {Evidence}. It runs out by itself.", EventName = "LeaseNotReleased")]
    internal static partial void LeaseNotReleased(ILogger logger, string resource, string evidence);
}
