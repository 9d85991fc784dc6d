using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Failover.HealthChecks;

/// <summary>Event ids 4000 to 4999. Each tells of a change, none of a run.</summary>
internal static partial class Log
{
    /// <summary>In place of an error, where the check itself says that it fails.</summary>
    internal const string OwnWord = "by its own word";

    [LoggerMessage(4000, LogLevel.Information, "Runs {Count} health checks: {Checks}.", EventName = "HealthStarted")]
    internal static partial void Started(ILogger logger, int count, string checks);

    [LoggerMessage(EventId = 4001, Message = "Health check {Check} is {Status} ({Error}). {Words}", EventName = "CheckFails")]
    internal static partial void Fails(ILogger logger, LogLevel level, string check, HealthStatus status, string error, string words);

    [LoggerMessage(4002, LogLevel.Information, "Health check {Check} passes.", EventName = "CheckPasses")]
    internal static partial void Passes(ILogger logger, string check);

    [LoggerMessage(4003, LogLevel.Warning, "Health check {Check} goes on although its time of {Timeout} is over, and heeds no token. It is left behind; each time it would be due counts as a failure.", EventName = "CheckStuck")]
    internal static partial void Stuck(ILogger logger, string check, TimeSpan timeout);

    [LoggerMessage(4004, LogLevel.Information, "Health check {Check} has ended after all.", EventName = "CheckNoLongerStuck")]
    internal static partial void NoLongerStuck(ILogger logger, string check);

    [LoggerMessage(EventId = 4005, Message = "The node is operational: {Operational}; can serve: {CanServe} ({Reason}).", EventName = "VerdictsChanged")]
    internal static partial void Verdicts(ILogger logger, LogLevel level, bool operational, bool canServe, string reason);

    [LoggerMessage(4006, LogLevel.Debug, "Health check {Check} was {Outcome} ({Error}), not often enough to count: it is still {Status}. {Words}", EventName = "CheckWavers")]
    internal static partial void Wavers(ILogger logger, string check, HealthStatus outcome, HealthStatus status, string error, string words);

    [LoggerMessage(4007, LogLevel.Debug, "Health check {Check} threw {Error} at {StackTrace}", EventName = "CheckThrew")]
    internal static partial void Threw(ILogger logger, string check, string error, string? stackTrace);

    [LoggerMessage(4008, LogLevel.Warning, "No health check came to run for {Time}: the machine stood still, or the process had no thread for it. What was known is stale.", EventName = "EvaluationPaused")]
    internal static partial void Paused(ILogger logger, TimeSpan time);

    [LoggerMessage(4009, LogLevel.Information, "The node is draining: {Draining}.", EventName = "DrainChanged")]
    internal static partial void Drains(ILogger logger, string draining);

    [LoggerMessage(4010, LogLevel.Warning, "Health checks are answered by {Service}, which was registered after AddHealth(): MapHealthChecks, publishers and gRPC health may run every check a second time, and do not see the node's own snapshot.", EventName = "HealthServiceReplaced")]
    internal static partial void ServiceReplaced(ILogger logger, string service);

    [LoggerMessage(4011, LogLevel.Error, "A callback that waits for a change of the node's health threw {Error} at {StackTrace}", EventName = "HealthListenerThrew")]
    internal static partial void ListenerThrew(ILogger logger, string error, string? stackTrace);

    [LoggerMessage(4050, LogLevel.Information, "Peer {Address} answers as {Node}.", EventName = "PeerHeard")]
    internal static partial void PeerHeard(ILogger logger, string address, string node);

    [LoggerMessage(4051, LogLevel.Warning, "Peer {Address} proves nothing: {Outcome}.", EventName = "PeerNotHeard")]
    internal static partial void PeerNotHeard(ILogger logger, string address, string outcome);

    [LoggerMessage(4052, LogLevel.Warning, "A claim of {Source} is left out of what peers are told: {Problem}.", EventName = "ClaimLeftOut")]
    internal static partial void ClaimLeftOut(ILogger logger, string source, string problem);

    [LoggerMessage(4053, LogLevel.Error, "A callback that waits for what peers say threw {Error} at {StackTrace}", EventName = "PeerListenerThrew")]
    internal static partial void PeerListenerThrew(ILogger logger, string error, string? stackTrace);
}
