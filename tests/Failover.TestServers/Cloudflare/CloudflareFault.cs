namespace Failover.TestServers.Cloudflare;

/// <summary>What goes wrong with a request.</summary>
public enum CloudflareFault
{
    /// <summary>It is carried out, and the connection breaks before its answer.</summary>
    LoseAnswer,

    /// <summary>It is carried out, and never answered.</summary>
    HangWhenDone,

    /// <summary>It is carried out, and half of the answer comes.</summary>
    HalfAnAnswer,

    /// <summary>It is carried out, and a proxy on the way answers 502 with a page.</summary>
    BadGatewayWhenDone,

    /// <summary>It is carried out, and answered with 500 in the form of the API.</summary>
    InternalErrorWhenDone,

    /// <summary>It is not carried out, and the connection breaks.</summary>
    Drop,

    /// <summary>It is not carried out, and never answered.</summary>
    Hang,

    /// <summary>It is not carried out, and answered with 503 in the form of the API.</summary>
    Unavailable,

    /// <summary>It is not carried out, and answered with success and a page.</summary>
    Page,

    /// <summary>It is not carried out, and sent elsewhere.</summary>
    Redirect,

    /// <summary>It is not carried out, and answered with success and nothing else.</summary>
    EmptySuccess,

    /// <summary>It is not carried out, and answered with JSON of other shapes.</summary>
    OtherJson,

    /// <summary>It is not carried out, and answered with success and nulls where records should be.</summary>
    Nulls,

    /// <summary>It is not carried out, and answered with more than anyone should read.</summary>
    Endless,

    /// <summary>It is not carried out, and answered with success and what says that it is compressed and is not.</summary>
    BrokenCompression,

    /// <summary>It is refused for a reason of its own.</summary>
    Refuse,

    /// <summary>It is refused with 429, to come again in 7 seconds.</summary>
    Throttle,

    /// <summary>It is refused with 971, without a word on when to come again.</summary>
    ThrottleByCode,
}
