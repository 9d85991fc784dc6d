namespace Failover;

/// <summary>What a hint asks for.</summary>
public enum HintKind
{
    /// <summary>Something may have changed: probe the members now.</summary>
    LookNow,

    /// <summary>A change of the primary has begun elsewhere: where members elect their primary themselves, let writers wait until the new one has proven itself or the hold ends.</summary>
    Hold,
}
