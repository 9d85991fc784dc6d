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

    [LoggerMessage(2010, LogLevel.Warning, "Failover cannot look after the connections of the HTTP client '{Client}' of group {Group}: they are opened by {Handler}. So to connect has no limit of time, a member that moves in DNS may not be noticed, and connections to a member that was left stay open. Use a SocketsHttpHandler, as the factory does by itself: call UseSocketsHttpHandler() after whatever brings another one, be it ConfigurePrimaryHttpMessageHandler or AddRefitClient. Told once for each client.", EventName = "ConnectionsNotOurs")]
    internal static partial void ConnectionsNotOurs(ILogger logger, string client, string group, string handler);

    [LoggerMessage(2020, LogLevel.Warning, "Too many requests of {Group} fail on one member and would be sent to the next: its retry budget is empty, and they end with what came. Told once in 10 seconds.", EventName = "RetryBudgetEmpty")]
    internal static partial void BudgetEmpty(ILogger logger, string group);

    [LoggerMessage(2030, LogLevel.Warning, "{Member} of {Group} sends a Failover-Drain header that is not one whole number of seconds from 1 on: it is ignored. Told once.", EventName = "DrainMarkerIgnored")]
    internal static partial void DrainMarkerIgnored(ILogger logger, string member, string group);

    [LoggerMessage(2040, LogLevel.Information, "{Handler} stands outside the failover of the HTTP client {Client}, where a retry belongs. A retry in it sends a POST again that may have been executed, unless DisableForUnsafeHttpMethods() was called on its options: that cannot be seen from here. Told once.", EventName = "ResilienceOutside")]
    internal static partial void ResilienceOutside(ILogger logger, string handler, string client);

    [LoggerMessage(2041, LogLevel.Information, "{Handler} stands inside the failover of the HTTP client {Client}: a retry in it holds each request at a member that fails before the next one is tried, and a circuit breaker in it may cut off all members together. Call AddFailover after what adds it. Only the timeout of a single attempt belongs there; whether it is no more than that cannot be seen from here. Told once.", EventName = "ResilienceInside")]
    internal static partial void ResilienceInside(ILogger logger, string handler, string client);

    [LoggerMessage(2042, LogLevel.Warning, "A {Method} of the HTTP client {Client} was sent again although it may have been executed: a retry or hedging beside its failover does that. Call DisableForUnsafeHttpMethods() on the options of the retry, take hedging away, or give such requests an Idempotency-Key or AllowReplay(). Told once.", EventName = "UnsafeRequestSentAgain")]
    internal static partial void UnsafeRequestSentAgain(ILogger logger, string method, string client);
}
