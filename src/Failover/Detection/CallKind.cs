namespace Failover;

/// <summary>What kind of call a meter is told of. The two are timed apart: what changes something usually takes longer than what only asks.</summary>
public enum CallKind
{
    /// <summary>The call may change something: a POST, a command. Also for calls of which nothing is known.</summary>
    Write,

    /// <summary>The call only asks: a GET, a query.</summary>
    Read,
}
