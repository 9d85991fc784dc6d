namespace Failover.TestServers.Aws;

/// <summary>What goes wrong with a request.</summary>
public enum AwsFaultKind
{
    /// <summary>It is carried out, and its answer is lost.</summary>
    LoseAnswer,

    /// <summary>The connection breaks before it is carried out.</summary>
    Drop,

    /// <summary>It is never answered.</summary>
    Hang,

    /// <summary>It is answered with success and something that is no XML.</summary>
    Garbage,

    /// <summary>It is answered with success and XML that lacks all that matters.</summary>
    EmptyAnswer,

    /// <summary>It is not carried out, and answered with 503.</summary>
    ServiceUnavailable,

    /// <summary>It is carried out, and answered with 500.</summary>
    DoneAndInternalFailure,

    /// <summary>It is refused: too many requests.</summary>
    Throttle,

    /// <summary>It is refused: another change of the zone is under way.</summary>
    PriorRequest,
}
