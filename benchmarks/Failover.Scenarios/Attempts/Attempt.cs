namespace Failover.Scenarios.Attempts;

/// <summary>One request that a client under test gave to its transport.</summary>
internal readonly record struct Attempt(long At, int Port, bool IsProbe);
