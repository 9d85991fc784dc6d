using Microsoft.Extensions.Logging;

namespace Failover.Keepalived.Watching;

/// <summary>What the watch of keepalived logs: event ids 11000 to 11019.</summary>
internal static partial class Log
{
    [LoggerMessage(11000, LogLevel.Information, "This node holds {Address} of {Group}.", EventName = "VrrpMaster")]
    internal static partial void Master(ILogger logger, string group, string address);

    [LoggerMessage(11001, LogLevel.Information, "This node is backup for {Address} of {Group}.", EventName = "VrrpBackup")]
    internal static partial void Backup(ILogger logger, string group, string address);

    [LoggerMessage(11002, LogLevel.Warning, "keepalived on this node takes no part for {Address} of {Group}: it is in FAULT.", EventName = "VrrpFault")]
    internal static partial void Fault(ILogger logger, string group, string address);

    [LoggerMessage(11003, LogLevel.Warning, "It is not known how this node stands with {Address} of {Group}.", EventName = "VrrpUnknown")]
    internal static partial void Unknown(ILogger logger, string group, string address);

    [LoggerMessage(11004, LogLevel.Error, "keepalived on this node has gone; {Address} of {Group} is not here.", EventName = "VrrpDaemonLost")]
    internal static partial void DaemonLost(ILogger logger, string group, string address);

    [LoggerMessage(11005, LogLevel.Error, "{Address} of {Group} is stranded on this node: keepalived does not hold it.", EventName = "VrrpStrandedAddress")]
    internal static partial void StrandedAddress(ILogger logger, string group, string address);

    [LoggerMessage(11006, LogLevel.Error, "Nobody holds {Address} of {Group}: neither this node nor {Peer}.", EventName = "VrrpNoMaster")]
    internal static partial void NoMaster(ILogger logger, string group, string address, string peer);

    [LoggerMessage(11007, LogLevel.Error, "Two nodes hold {Address} of {Group}: this one and another.", EventName = "VrrpDualMaster")]
    internal static partial void DualMaster(ILogger logger, string group, string address);

    [LoggerMessage(11008, LogLevel.Information, "keepalived was found for {Group}: it has {Fifo} open (time {Count}).", EventName = "KeepalivedFound")]
    internal static partial void Found(ILogger logger, string group, string fifo, long count);

    [LoggerMessage(11009, LogLevel.Warning, "Something is wrong with keepalived for {Group}: {Problem}. Told once until it changes.", EventName = "KeepalivedProblem")]
    internal static partial void Problem(ILogger logger, string group, string problem);

    [LoggerMessage(11010, LogLevel.Information, "Nothing is wrong with keepalived for {Group} any more.", EventName = "KeepalivedProblemOver")]
    internal static partial void ProblemOver(ILogger logger, string group);

    [LoggerMessage(11011, LogLevel.Warning, "{Fifo} of {Group} holds lines that keepalived does not write; they are skipped. Told once.", EventName = "KeepalivedGarbage")]
    internal static partial void Garbage(ILogger logger, string group, string fifo);

    [LoggerMessage(11012, LogLevel.Error, "A part of the watch of keepalived for {Group} failed, and goes on: {Failure} at {StackTrace}", EventName = "VrrpWatchFailed")]
    internal static partial void Failed(ILogger logger, string group, string failure, string? stackTrace);
}
