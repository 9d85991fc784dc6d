namespace Failover.HealthChecks.Evaluation;

/// <summary>Spreads the periods by a tenth, so that nodes and checks do not fall into step. The seed is the process's.</summary>
internal static class Jitter
{
    private static readonly int Seed = Guid.NewGuid().GetHashCode();

    /// <summary>A factor from 0.9 to 1.1.</summary>
    internal static double Of(string name, long run) => 0.9 + (0.2 * ((uint)HashCode.Combine(Seed, name, run) / (double)uint.MaxValue));
}
