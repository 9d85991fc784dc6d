using Failover.Http.Replay;
using Microsoft.Extensions.Logging;

namespace Failover.Http;

/// <summary>Event ids 2000 to 2999. Never a URI's path or query, never a header: an authority at most.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Debug, "A {Method} request failed on {Member} of {Group} ({Fault}) and is sent to {Next}.", EventName = "RequestReplayed")]
    internal static partial void RequestReplayed(ILogger logger, string method, string member, string group, AttemptFault fault, string next);

    [LoggerMessage(2002, LogLevel.Debug, "Requests to {Authority} do not belong to group {Group} and pass as they are. Told once a handler.", EventName = "RequestNotOurs")]
    internal static partial void RequestNotOurs(ILogger logger, string authority, string group);

    [LoggerMessage(2003, LogLevel.Warning, "The probe of {Member} of {Group} cannot agree on TLS: {Problem} Told once until it can.", EventName = "ProbeTlsFailed")]
    internal static partial void ProbeTlsFailed(ILogger logger, string member, string group, string problem);

    [LoggerMessage(2004, LogLevel.Warning, "Group {Group} cannot serve an HTTP client: its member {Member} is neither http nor https. Requests pass as they are.", EventName = "GroupNotHttp")]
    internal static partial void GroupNotHttp(ILogger logger, string group, string member);

    [LoggerMessage(2005, LogLevel.Warning, "Requests to {Address} bypass group {Group} and have no failover: it knows {Meant}, and that is another address. Ask for that, or set the client's BaseAddress where AddHttpClient configures it. Told once for each address.", EventName = "RequestBypasses")]
    internal static partial void RequestBypasses(ILogger logger, string address, string group, string meant);

    [LoggerMessage(2020, LogLevel.Warning, "Too many requests of {Group} fail on one member and would be sent to the next: its retry budget is empty, and they end with what came. Told once in 10 seconds.", EventName = "RetryBudgetEmpty")]
    internal static partial void BudgetEmpty(ILogger logger, string group);

    [LoggerMessage(2030, LogLevel.Warning, "{Member} of {Group} sends a Failover-Drain header that is not one whole number of seconds from 1 on: it is ignored. Told once.", EventName = "DrainMarkerIgnored")]
    internal static partial void DrainMarkerIgnored(ILogger logger, string member, string group);
}
