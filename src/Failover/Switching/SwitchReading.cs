using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>What a switcher read at its authority.</summary>
/// <param name="Active">The member to which the outside points; null if it points to none of the group's members.</param>
/// <param name="Version">What the outside looked like, for the compare-and-swap: a serial, an etag, the records themselves. Never a secret.</param>
[Experimental("FAILOVER001")]
public sealed record SwitchReading(FailoverMember? Active, string Version);
