namespace Failover.Scenarios.Health.Load;

/// <summary>What a load got.</summary>
/// <param name="Milliseconds">How long each answer took.</param>
/// <param name="Elapsed">How long the load lasted.</param>
internal sealed record Answers(IReadOnlyList<double> Milliseconds, TimeSpan Elapsed)
{
    internal double Rps => Milliseconds.Count / Elapsed.TotalSeconds;

    internal double P99 => Percentile(Milliseconds, 0.99);

    internal double Longest => Milliseconds.Max();

    internal static double Median(IEnumerable<double> values) => Percentile([.. values], 0.5);

    internal static double Percentile(IReadOnlyList<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[(int)Math.Ceiling((sorted.Length * share) - 1)];
    }
}
