namespace Failover;

/// <summary>What the outcomes so far say of a member.</summary>
public enum Verdict
{
    /// <summary>No outcome yet. Unknown is not healthy.</summary>
    Unknown,

    /// <summary>The member works.</summary>
    Healthy,

    /// <summary>The member was healthy and has failed, but not often enough to be given up.</summary>
    Suspect,

    /// <summary>The member failed as often as its thresholds ask.</summary>
    Unhealthy,
}
