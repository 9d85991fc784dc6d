namespace Failover.AspNetCore.Answers;

/// <summary>What an endpoint says, in the words of draft-inadarei-api-health-check.</summary>
internal enum AnswerStatus
{
    /// <summary>200.</summary>
    Pass,

    /// <summary>200, with a loss.</summary>
    Warn,

    /// <summary>503.</summary>
    Fail,
}
