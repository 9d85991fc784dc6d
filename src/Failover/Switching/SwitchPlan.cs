using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>What a switcher would do.</summary>
/// <param name="From">What the plan was made from; it is carried out only while this is still true.</param>
/// <param name="Target">The member to make active.</param>
/// <param name="Steps">The steps in words, for people. Never a secret.</param>
[Experimental("FAILOVER001")]
public sealed record SwitchPlan(SwitchReading From, FailoverMember Target, IReadOnlyList<string> Steps);
