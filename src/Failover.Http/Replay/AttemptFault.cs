namespace Failover.Http.Replay;

/// <summary>What one attempt came to, as far as the rules tell cases apart.</summary>
internal enum AttemptFault
{
    /// <summary>The member answered: any status but 502, 503 and 504.</summary>
    None,

    /// <summary>The request provably never reached the member, or was refused before anything was done with it: no name, no connection, no TLS, no tunnel, or a stream that HTTP/2 or HTTP/3 refused unprocessed.</summary>
    NeverSent,

    /// <summary>The request left, or may have left, and no answer's headers came back whole. It may have been executed.</summary>
    Lost,

    /// <summary>The member was given up while the request waited for its answer, and so we ended the attempt. It may have been executed.</summary>
    Abandoned,

    /// <summary>The member answered 502, 503 or 504.</summary>
    Unavailable,

    /// <summary>The member answered 502, 503 or 504, and that it is leaving.</summary>
    Draining,

    /// <summary>What went wrong is not the transport's: another handler, the content, the authentication.</summary>
    Unclear,

    /// <summary>The caller gave up.</summary>
    Cancelled,
}
