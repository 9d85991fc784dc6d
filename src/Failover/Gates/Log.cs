using Microsoft.Extensions.Logging;

namespace Failover.Gates;

/// <summary>What gates and what runs behind them log. Part of the block 1000 to 1999 of <c>Failover</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(1110, LogLevel.Warning, "Nobody here can become the primary of {Gate}: {Problem}. It is tried again.", EventName = "GateBlocked")]
    internal static partial void GateBlocked(ILogger logger, string gate, string problem);

    [LoggerMessage(1111, LogLevel.Information, "What kept everybody here from becoming the primary of {Gate} is over.", EventName = "GateUnblocked")]
    internal static partial void GateUnblocked(ILogger logger, string gate);

    [LoggerMessage(1112, LogLevel.Information, "{Service} starts: this process is the primary of {Gate}, with token {Token}.", EventName = "PrimaryServiceStarts")]
    internal static partial void ServiceStarts(ILogger logger, string service, string gate, long? token);

    [LoggerMessage(1113, LogLevel.Information, "{Service} has stopped: {Reason}. {Gate} is left to the next.", EventName = "PrimaryServiceStopped")]
    internal static partial void ServiceStopped(ILogger logger, string service, string gate, string reason);

    [LoggerMessage(1114, LogLevel.Error, "{Service} of {Gate} failed: {Exception} at {StackTrace}. Another process may take over; here it is tried again after a pause.", EventName = "PrimaryServiceFailed")]
    internal static partial void ServiceFailed(ILogger logger, string service, string gate, string exception, string? stackTrace);

    [LoggerMessage(1115, LogLevel.Error, "{Service} does not stop although this process is the primary of {Gate} no longer: another may have begun. It is waited for, and not started again before.", EventName = "PrimaryServiceDoesNotStop")]
    internal static partial void ServiceDoesNotStop(ILogger logger, string service, string gate);

    [LoggerMessage(1116, LogLevel.Information, "{Service} has ended by itself; it is not started again while this process is the primary of {Gate}.", EventName = "PrimaryServiceEnded")]
    internal static partial void ServiceEnded(ILogger logger, string service, string gate);
}
