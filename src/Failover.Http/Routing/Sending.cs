using Failover.Http.Replay;

namespace Failover.Http.Routing;

/// <summary>One request on its way through the members.</summary>
/// <param name="Request">The message; the same one for every attempt.</param>
/// <param name="Requested">The URI as the caller wrote it.</param>
/// <param name="Method">The method as the caller wrote it.</param>
/// <param name="Table">The members as they stood when the request began.</param>
/// <param name="Content">The content as it was when the request began.</param>
/// <param name="IsAsync">Whether it came through <c>SendAsync</c>.</param>
internal readonly record struct Sending(HttpRequestMessage Request, Uri Requested, HttpMethod Method, RouteTable Table, HttpContent? Content, bool IsAsync)
{
    internal CallKind CallKind => CallKindOf(Method);

    internal static CallKind CallKindOf(HttpMethod method) => RequestKind.IsSafeMethod(method) ? CallKind.Read : CallKind.Write;

    /// <summary>Makes the message what it was, for the next member: a redirect may have changed it.</summary>
    internal void Aim(Hop hop)
    {
        Request.RequestUri = Table.Map(Requested, hop);
        if (Request.Method != Method)
        {
            Request.Method = Method;
            Request.Content = Content;
        }
    }

    /// <summary>Whether the inner handler has followed a redirect of the member to somewhere else: what came is not the member's own.</summary>
    internal bool WasRedirectedFrom(Hop hop) =>
        Request.RequestUri is { IsAbsoluteUri: true } uri && !hop.Address.IsPrefixOf(uri.OriginalString) && !hop.Address.IsSameOrigin(uri);

    /// <summary>What an attempt on <paramref name="hop"/> came to.</summary>
    internal AttemptFault FaultOf(Hop hop, HttpResponseMessage? response, Exception? error, bool wasAbandoned, CancellationToken cancellationToken)
    {
        // Whatever it threw, wherever it waited: we have ended it. Where the caller had, too, that is what counts.
        if (wasAbandoned && error is not null && !cancellationToken.IsCancellationRequested)
        {
            return AttemptFault.Abandoned;
        }

        // The member has answered, whatever came of it elsewhere.
        if (WasRedirectedFrom(hop))
        {
            return AttemptFault.None;
        }

        AttemptFault fault = error is null ? Faults.Of(response!) : Faults.Of(error, Request, cancellationToken);

        // A redirect has made a GET of the POST (RFC 9110, 15.4.4): the POST was executed, though the GET may never have been sent.
        return fault == AttemptFault.NeverSent && Method != Request.Method ? AttemptFault.Lost : fault;
    }
}
