using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>What came of a plan.</summary>
/// <param name="Plan">The plan that was carried out, or not.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="ReadBack">What the authority answered afterwards; null if it could not be read.</param>
/// <param name="Evidence">A short reason without secrets, where the outcome is not <see cref="SwitchOutcome.Applied"/>.</param>
[Experimental("FAILOVER001")]
public sealed record SwitchReceipt(SwitchPlan Plan, SwitchOutcome Outcome, SwitchReading? ReadBack, string? Evidence);
