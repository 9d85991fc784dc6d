namespace Failover.Simulation.Checking;

/// <summary>The engine broke a promise.</summary>
internal sealed class InvariantViolated(string invariant, string message, Exception? inner = null) : Exception($"{invariant}: {message}", inner)
{
    internal string Invariant { get; } = invariant;
}
