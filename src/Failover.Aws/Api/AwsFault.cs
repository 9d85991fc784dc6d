namespace Failover.Aws.Api;

/// <summary>What kind of failure a call to AWS met, by what is known of it.</summary>
internal enum AwsFault
{
    /// <summary>There is nothing to sign with. Nothing was sent.</summary>
    NoCredentials,

    /// <summary>The service could not be reached. Nothing was sent.</summary>
    Unreachable,

    /// <summary>It was sent, and there is no answer, or one that is none: whether it was done is not known.</summary>
    Unknown,

    /// <summary>Too many requests, of anybody in the account, or another change of the zone is under way. Nothing was done.</summary>
    Throttled,

    /// <summary>The keys, their rights or the clock. Nothing was done.</summary>
    Denied,

    /// <summary>There is no such zone, health check, cluster. Nothing was done.</summary>
    NotFound,

    /// <summary>A batch of changes does not fit to what is there, or is not allowed. Nothing was done.</summary>
    InvalidBatch,

    /// <summary>Someone else changed it meanwhile. Nothing was done.</summary>
    VersionMismatch,

    /// <summary>The request is refused for another reason. Nothing was done.</summary>
    Refused,
}
