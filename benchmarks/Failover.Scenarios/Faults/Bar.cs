namespace Failover.Scenarios.Faults;

/// <summary>Something that must hold for our own client.</summary>
internal readonly record struct Bar(string Text, bool IsKept);
