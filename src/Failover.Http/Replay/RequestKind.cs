using System.Net.Http.Headers;

namespace Failover.Http.Replay;

/// <summary>What the rules need to know of a request.</summary>
/// <param name="MayRunTwice">Whether it may be executed twice: its method says so, it has an idempotency key, or the caller has allowed it.</param>
/// <param name="CanSendContentAgain">Whether its content is absent, held in memory, or made anew of a value in memory, so that it can be sent a second time.</param>
internal readonly record struct RequestKind(bool MayRunTwice, bool CanSendContentAgain)
{
    /// <summary>Content up to this size is on its way as soon as the request is sent; a larger one may still be going out while its attempt waits for headers, and an upload is not cut.</summary>
    private const long LongestAbandoned = 64 * 1024;

    /// <summary>Of draft-ietf-httpapi-idempotency-key-header.</summary>
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Whether the request may be sent to a second member although the first one may have executed it.</summary>
    internal bool IsReplayable => MayRunTwice && CanSendContentAgain;

    /// <param name="method">The method as the caller wrote it: a redirect may have changed the request's.</param>
    /// <param name="request">The request.</param>
    internal static RequestKind Of(HttpMethod method, HttpRequestMessage request) =>
        new(IsIdempotentMethod(method) || HasKey(request.Headers) || HttpRequestReplay.IsAllowed(request), IsRepeatable(request.Content));

    /// <summary>Whether an attempt that waits for headers may be ended by us, to be made again elsewhere.</summary>
    internal static bool MayBeAbandoned(HttpRequestMessage request) =>
        Of(request.Method, request).IsReplayable && (request.Content is null || request.Content.Headers.ContentLength <= LongestAbandoned);

    /// <summary>GET, HEAD, OPTIONS and TRACE: the safe methods of RFC 9110; and QUERY, by draft-ietf-httpbis-safe-method-w-body. The known instances are compared first; <see cref="HttpMethod"/> itself compares without regard to case.</summary>
    internal static bool IsSafeMethod(HttpMethod method) =>
        ReferenceEquals(method, HttpMethod.Get) || method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options || method == HttpMethod.Trace || method == HttpMethod.Query;

    /// <summary>PUT and DELETE: whoever sends them says that twice is the same as once (RFC 9110, 9.2.2).</summary>
    internal static bool IsIdempotentMethod(HttpMethod method) => IsSafeMethod(method) || method == HttpMethod.Put || method == HttpMethod.Delete;

    private static bool HasKey(HttpRequestHeaders headers) =>
        headers.NonValidated.TryGetValues(IdempotencyKey, out HeaderStringValues values) && !string.IsNullOrWhiteSpace(values.ToString());

    /// <summary>Exact types, since a class derived from one of these may well read from somewhere else; what we have buffered; and what is serialized.</summary>
    private static bool IsRepeatable(HttpContent? content) =>
        content is null or Seal
        || content.GetType() == typeof(ByteArrayContent)
        || content.GetType() == typeof(StringContent)
        || content.GetType() == typeof(FormUrlEncodedContent)
        || content.GetType() == typeof(ReadOnlyMemoryContent)
        || BufferedContent.Contains(content)
        || SerializedContent.IsRepeatable(content);
}
