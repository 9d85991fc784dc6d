using System.Globalization;

namespace Failover.Scenarios.Reports;

/// <summary>What many runs come to.</summary>
internal static class Numbers
{
    /// <summary>The middle one, or what is between the middle two; NaN of none.</summary>
    internal static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The least, the middle and the most; a run without a value is more than all others.</summary>
    internal static string Range(IReadOnlyCollection<double?> values)
    {
        double[] all = [.. values.Select(static value => value ?? double.PositiveInfinity)];
        return all.Length == 0 || double.IsPositiveInfinity(all.Min()) ? "–" : $"{Text(all.Min())} / {Text(Median(all))} / {Text(all.Max())}";
    }

    internal static string Text(double milliseconds) =>
        double.IsFinite(milliseconds) ? milliseconds.ToString(Math.Abs(milliseconds) < 10 ? "N1" : "N0", CultureInfo.InvariantCulture) : "never";
}
