namespace Failover.DnsSwitching.Following;

/// <summary>What an answer means for those who hold connections.</summary>
internal enum NameVerdict
{
    /// <summary>Nothing: it is as it was.</summary>
    Same,

    /// <summary>No answer, or an empty one: the last good addresses are kept.</summary>
    Kept,

    /// <summary>The first good answer.</summary>
    First,

    /// <summary>Another one, which the next look has to confirm.</summary>
    Unconfirmed,

    /// <summary>Yet another one than the look before said: a name whose answers differ each time is not asked more often for it.</summary>
    Unsteady,

    /// <summary>The name leads elsewhere, and has moved too often in the last minute: it waits.</summary>
    Capped,

    /// <summary>The name leads elsewhere: connections have to move.</summary>
    Moved,
}
