namespace Failover.Benchmarks.Quick;

/// <summary>Every micro-benchmark in about a minute, beside its bar. Less exact than BenchmarkDotNet, but enough to see a bar missed.</summary>
internal static class QuickRun
{
    /// <returns>0 if every bar was kept.</returns>
    internal static int Run(string? filter)
    {
        int missed = 0;
        Console.WriteLine($"{"",-44} {"ns",10} {"bar",8} {"bytes",8} {"bar",6}");
        foreach (Item item in Items.All().Where(i => filter is null || i.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            Measure cost = Measure.Of(item.Run, item.Operations);
            bool kept = !(cost.Nanoseconds > item.MaxNanoseconds) && !(cost.Bytes > item.MaxBytes);
            missed += kept ? 0 : 1;
            Console.WriteLine($"{item.Name,-44} {cost.Nanoseconds,10:N1} {Bar(item.MaxNanoseconds),8} {cost.Bytes,8:N0} {Bar(item.MaxBytes),6}{(kept ? "" : "  MISSED")}");
        }

        Console.WriteLine(missed == 0 ? "Every bar was kept." : $"{missed} missed.");
        return missed == 0 ? 0 : 1;
    }

    private static string Bar(double? bar) => bar is { } b ? b.ToString("N0") : "";
}
