namespace Failover.Scenarios.Faults;

/// <summary>Something that must hold for our own client.</summary>
/// <param name="Text">What it is, and what was measured.</param>
/// <param name="IsKept">Whether it held.</param>
/// <param name="NeedsFullRun">Whether it says nothing of a short run.</param>
internal readonly record struct Bar(string Text, bool IsKept, bool NeedsFullRun = false);
