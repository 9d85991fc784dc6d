using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>What came of a switch.</summary>
[Experimental("FAILOVER001")]
public enum SwitchOutcome
{
    /// <summary>The plan was carried out and the authority shows it.</summary>
    Applied,

    /// <summary>Somebody else changed the outside first; nothing was done.</summary>
    Conflict,

    /// <summary>The plan could not be carried out; nothing was done as far as is known.</summary>
    Failed,

    /// <summary>It is not known whether the plan was carried out: the answer was lost.</summary>
    Unknown,
}
