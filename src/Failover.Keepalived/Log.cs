using Microsoft.Extensions.Logging;

namespace Failover.Keepalived;

/// <summary>What the site logs. Part of the block 11000 to 11999 of <c>Failover.Keepalived</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(11030, LogLevel.Information, "This node tells keepalived that it is {Credit} for the address of {Group}: {Reason}.", EventName = "CreditChanged")]
    internal static partial void CreditChanged(ILogger logger, string group, Credit credit, string reason);

    [LoggerMessage(11031, LogLevel.Error, "keepalived does not count that this node is {Credit} for the address of {Group}: {Problem}. It is written again.", EventName = "CreditNotAcknowledged")]
    internal static partial void NotAcknowledged(ILogger logger, string group, Credit credit, string problem);

    [LoggerMessage(11032, LogLevel.Information, "keepalived counts again that this node is {Credit} for the address of {Group}.", EventName = "CreditAcknowledged")]
    internal static partial void Acknowledged(ILogger logger, string group, Credit credit);

    [LoggerMessage(11033, LogLevel.Warning, "The address of {Group} was not taken by {Peer} within {Seconds} s: it stays here.", EventName = "MoveTakenBack")]
    internal static partial void MoveTakenBack(ILogger logger, string group, string peer, double seconds);

    [LoggerMessage(11034, LogLevel.Information, "The app ends: {Peer} has the address of {Group}.", EventName = "HandedOver")]
    internal static partial void HandedOver(ILogger logger, string peer, string group);

    [LoggerMessage(11035, LogLevel.Warning, "The app ends, and the address of {Group} is still here: {Reason}.", EventName = "NotHandedOver")]
    internal static partial void NotHandedOver(ILogger logger, string group, string reason);

    [LoggerMessage(11037, LogLevel.Error, "This process cannot call itself {ProcessName}, by which keepalived tracks it for the address of {Group} ({Failure}): keepalived stays in FAULT.", EventName = "ProcessNotNamed")]
    internal static partial void NotNamed(ILogger logger, string group, string processName, string failure);

    [LoggerMessage(11038, LogLevel.Warning, "The witness of {Group} cannot be asked: {Problem}. If both nodes hold the address meanwhile, neither yields.", EventName = "WitnessAway")]
    internal static partial void WitnessAway(ILogger logger, string group, string problem);

    [LoggerMessage(11039, LogLevel.Information, "The witness of {Group} can be asked again.", EventName = "WitnessBack")]
    internal static partial void WitnessBack(ILogger logger, string group);

    [LoggerMessage(11036, LogLevel.Error, "The part of {Group} that decides what keepalived is told failed, and goes on: {Failure} at {StackTrace}", EventName = "SiteFailed")]
    internal static partial void SiteFailed(ILogger logger, string group, string failure, string? stackTrace);
}
