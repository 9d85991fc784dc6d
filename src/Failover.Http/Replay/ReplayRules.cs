using System.Net;

namespace Failover.Http.Replay;

/// <summary>The rules, as pure functions: whether a failed attempt may be made again elsewhere, and what each attempt says of its member.</summary>
internal static class ReplayRules
{
    /// <summary>502, 503 and 504 come from a member that cannot serve. Every other status is an answer: 500, 4xx and 429 speak of the request.</summary>
    internal static bool IsUnavailable(HttpStatusCode status) =>
        status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>Whether the request may be sent to another member after this fault.</summary>
    internal static bool MayGoElsewhere(AttemptFault fault, RequestKind request) => fault switch
    {
        // Whatever the method; and the content cannot have been read yet.
        AttemptFault.NeverSent => true,
        AttemptFault.Lost or AttemptFault.Abandoned or AttemptFault.Unavailable or AttemptFault.Draining => request.IsReplayable,
        _ => false,
    };

    /// <summary>
    /// What the attempt at <paramref name="index"/> says of its member, once the request is over. A request cannot poison a connect, so one that was never sent always counts;
    /// so does one that was abandoned, since its member had been given up. One that a leaving member turned away says nothing more than that.
    /// A fault after that counts if another member then answered; if it came the same way from another member, or nobody else could be asked and it may have been
    /// the request that broke the connection, it is disputed.
    /// </summary>
    /// <param name="attempts">All attempts of the request, in order, each at another member.</param>
    /// <param name="index">Which one is asked for.</param>
    /// <param name="request">The request.</param>
    internal static AttemptEnd EndOf(ReadOnlySpan<AttemptFault> attempts, int index, RequestKind request)
    {
        AttemptFault fault = attempts[index];
        switch (fault)
        {
            case AttemptFault.None:
                return AttemptEnd.Succeeded;
            case AttemptFault.NeverSent:
            case AttemptFault.Abandoned:
                return AttemptEnd.Failed;
            case AttemptFault.Unclear:
                return AttemptEnd.Disputed;
            case AttemptFault.Cancelled:
            case AttemptFault.Draining:
                return AttemptEnd.Cancelled;
        }

        return attempts[^1] switch
        {
            AttemptFault.None => AttemptEnd.Failed,

            // The caller left before the other member had told whether the request can be answered at all.
            AttemptFault.Cancelled or AttemptFault.Unclear when index < attempts.Length - 1 => AttemptEnd.Disputed,
            _ when attempts.Count(fault) > 1 => AttemptEnd.Disputed,
            _ when fault == AttemptFault.Lost && !request.IsReplayable => AttemptEnd.Disputed,
            _ => AttemptEnd.Failed,
        };
    }
}
