namespace Failover.Http.Replay;

/// <summary>What a member's meter is told of an attempt.</summary>
internal enum AttemptEnd
{
    /// <summary>The member answered.</summary>
    Succeeded,

    /// <summary>It counts against the member.</summary>
    Failed,

    /// <summary>It may be the request's own fault: the member is probed, and it counts if the probe fails too.</summary>
    Disputed,

    /// <summary>It says nothing of the member.</summary>
    Cancelled,
}
