namespace Failover.Benchmarks.Quick;

/// <summary>Every micro-benchmark in about a minute, beside its bar. Less exact than BenchmarkDotNet, but enough to see a bar missed.</summary>
internal static class QuickRun
{
    /// <param name="filter">A part of the names of those to run; all if null.</param>
    /// <returns>0 if every bar was kept.</returns>
    internal static int Run(string? filter)
    {
        Item[] items = Chosen(filter);
        Measure[] costs = Measure.Of(items);
        int missed = 0;
        Console.WriteLine($"{"",-42} {"ns",10} {"bar",8} {"bytes",8} {"bar",6}");
        for (int i = 0; i < items.Length; i++)
        {
            Item item = items[i];
            Measure from = item.Over is { } over ? costs[Array.FindIndex(items, other => other.Name == over)] : default;
            Measure max = new(from.Nanoseconds + (item.MaxNanoseconds ?? double.MaxValue), from.Bytes + (item.MaxBytes ?? double.MaxValue));
            bool kept = costs[i].Nanoseconds <= max.Nanoseconds && costs[i].Bytes <= max.Bytes;
            missed += kept ? 0 : 1;
            Console.WriteLine(
                $"{item.Name,-42} {costs[i].Nanoseconds,10:N1} {Bar(item.MaxNanoseconds, max.Nanoseconds),8} {costs[i].Bytes,8:N0} {Bar(item.MaxBytes, max.Bytes),6}{(kept ? "" : "  MISSED")}");
        }

        Console.WriteLine(missed == 0 ? "Every bar was kept." : $"{missed} missed.");
        return missed == 0 ? 0 : 1;
    }

    /// <summary>Those that the filter names, and what they are counted from.</summary>
    private static Item[] Chosen(string? filter)
    {
        Item[] all = [.. Items.All()];
        HashSet<string> named =
            [.. all.Where(i => filter is null || i.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).SelectMany(i => new[] { i.Name, i.Over ?? i.Name })];
        return [.. all.Where(i => named.Contains(i.Name))];
    }

    private static string Bar(double? has, double bar) => has is null ? "" : bar.ToString("N0");
}
