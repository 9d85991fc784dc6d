namespace Quickstart.Reports;

/// <summary>When a phase was played.</summary>
/// <param name="Name">The phase's name.</param>
/// <param name="Fault">What was wrong with the primary.</param>
/// <param name="Began">When it began; a fault begins with it.</param>
/// <param name="FaultComplete">When the fault was complete: until then a request may have been in flight on the dying server.</param>
/// <param name="Ended">When it ended.</param>
internal sealed record PhaseTime(string Name, Fault Fault, TimeSpan Began, TimeSpan FaultComplete, TimeSpan Ended);
