namespace Failover.Http.Telemetry;

/// <summary>The names of tags: OpenTelemetry's conventions for HTTP, and ours. A promise to users, listed in docs/http.md.</summary>
internal static class HttpTags
{
    internal const string ErrorType = "error.type";
    internal const string Method = "http.request.method";
    internal const string ResendCount = "http.request.resend_count";
    internal const string ServerAddress = "server.address";
    internal const string ServerPort = "server.port";

    internal const string Group = "failover.group";
    internal const string Member = "failover.member";
    internal const string From = "failover.from";
    internal const string To = "failover.to";

    /// <summary>What the conventions call a value that is none of the known ones.</summary>
    internal const string Other = "_OTHER";

    private static readonly HttpMethod[] KnownMethods =
        [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Connect, HttpMethod.Query];

    /// <summary>The methods that the conventions know by name: callers may make up others without end.</summary>
    internal static string Of(HttpMethod method) => Array.Find(KnownMethods, method.Equals)?.Method ?? Other;
}
