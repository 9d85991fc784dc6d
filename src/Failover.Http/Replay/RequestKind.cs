namespace Failover.Http.Replay;

/// <summary>What the rules need to know of a request.</summary>
/// <param name="IsSafe">Whether its method is safe: it asks, and changes nothing (RFC 9110, 9.2.1).</param>
/// <param name="CanSendContentAgain">Whether its content is absent or held in memory, so that it can be sent a second time.</param>
internal readonly record struct RequestKind(bool IsSafe, bool CanSendContentAgain)
{
    /// <summary>Whether the request may be sent to a second member although the first one may have executed it.</summary>
    internal bool IsReplayable => IsSafe && CanSendContentAgain;

    internal static RequestKind Of(HttpMethod method, HttpContent? content) => new(IsSafeMethod(method), IsInMemory(content));

    /// <summary>GET, HEAD, OPTIONS and TRACE: the safe methods of RFC 9110. The known instances are compared first; <see cref="HttpMethod"/> itself compares without regard to case.</summary>
    internal static bool IsSafeMethod(HttpMethod method) =>
        ReferenceEquals(method, HttpMethod.Get) || method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options || method == HttpMethod.Trace;

    /// <summary>PUT and DELETE: whoever sends them says that twice is the same as once (RFC 9110, 9.2.2).</summary>
    internal static bool IsIdempotentMethod(HttpMethod method) => IsSafeMethod(method) || method == HttpMethod.Put || method == HttpMethod.Delete;

    /// <summary>Exact types only: a class derived from one of these may well read from somewhere else.</summary>
    private static bool IsInMemory(HttpContent? content) =>
        content is null
        || content.GetType() == typeof(ByteArrayContent)
        || content.GetType() == typeof(StringContent)
        || content.GetType() == typeof(FormUrlEncodedContent)
        || content.GetType() == typeof(ReadOnlyMemoryContent);
}
