namespace Failover.Aws;

/// <summary>What came of an act on a pair.</summary>
public enum Route53PairOutcome
{
    /// <summary>It was done, and Route 53 shows it.</summary>
    Done,

    /// <summary>It was so before. Nothing was done.</summary>
    AlreadyThere,

    /// <summary>Someone else changed it meanwhile, or it is not ours to change. Nothing more is done: plan anew.</summary>
    Conflict,

    /// <summary>AWS does not let us, or it would do harm. Trying again would not help.</summary>
    Denied,

    /// <summary>AWS could not be reached, or wants fewer requests. Trying again may help; what of the plan was done before is not done twice.</summary>
    Failed,

    /// <summary>Whether it was done, or is at all name servers, is not known: plan anew, which shows it.</summary>
    Unknown,
}
