using Microsoft.Extensions.Logging;

namespace Failover.AspNetCore;

/// <summary>Event ids 5000 to 5999. Never a message of foreign code, never a header, never a query.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Warning, "{Endpoints} answer, or show details, on port {Port} alone, and the server does not listen there: it does on {Addresses}.", EventName = "PortNotListened")]
    internal static partial void PortNotListened(ILogger logger, string endpoints, int port, string addresses);

    [LoggerMessage(5001, LogLevel.Warning, "Whether a caller may see details could not be found out: the authorization policy {Policy} threw {Error}. The caller got the status alone.", EventName = "PolicyThrew")]
    internal static partial void PolicyThrew(ILogger logger, string policy, string error);

    [LoggerMessage(5010, LogLevel.Information, "Shutting down: goes on serving for {Hold}, while health endpoints say 503 and clients are told to leave.", EventName = "ShutdownHeld")]
    internal static partial void ShutdownHeld(ILogger logger, TimeSpan hold);

    [LoggerMessage(5011, LogLevel.Warning, "A shutdown will hold for {Hold} and not for {Wanted}: the shutdown timeout is {Timeout}, and requests in flight need time after it. Lengthen HostOptions.ShutdownTimeout.", EventName = "HoldCut")]
    internal static partial void HoldCut(ILogger logger, TimeSpan hold, TimeSpan wanted, TimeSpan timeout);

    [LoggerMessage(5012, LogLevel.Information, "The node drains while {File} exists.", EventName = "DrainFileWatched")]
    internal static partial void DrainFileWatched(ILogger logger, string file);

    [LoggerMessage(5013, LogLevel.Warning, "The drain file could not be looked for ({Error}); it is looked for again.", EventName = "DrainFileFailed")]
    internal static partial void DrainFileFailed(ILogger logger, string error);

    [LoggerMessage(5014, LogLevel.Information, "A caller of the drain endpoint asked to {Act}.", EventName = "DrainAsked")]
    internal static partial void DrainAsked(ILogger logger, string act);

    [LoggerMessage(5020, LogLevel.Information, "Answers HAProxy's agent checks on {Endpoint}.", EventName = "AgentListens")]
    internal static partial void AgentListens(ILogger logger, string endpoint);

    [LoggerMessage(5021, LogLevel.Warning, "The agent could not take a connection ({Error}), and tries again in a second.", EventName = "AgentAcceptFailed")]
    internal static partial void AgentAcceptFailed(ILogger logger, string error);

    [LoggerMessage(5050, LogLevel.Warning, "A request to the peer endpoint is refused: {Reason}. Told at most once in 10 seconds.", EventName = "PeerRefused")]
    internal static partial void PeerRefused(ILogger logger, string reason);
}
