namespace Failover.Scenarios.Load;

/// <summary>One request of the load, from the moment at which it was due: a client that falls behind is not forgiven the wait.</summary>
/// <param name="Name">Names the call towards the servers.</param>
/// <param name="Due">When it was due.</param>
/// <param name="Ended">When its answer had been read, or it failed.</param>
/// <param name="Server">Who answered well; null if it failed.</param>
/// <param name="Failure">What went wrong; null if it was answered well.</param>
/// <param name="IsUnknown">Whether it failed in a way that leaves open if a server carried it out.</param>
internal sealed record Call(string Name, long Due, long Ended, string? Server, string? Failure, bool IsUnknown);
