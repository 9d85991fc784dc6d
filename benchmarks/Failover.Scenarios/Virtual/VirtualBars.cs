using Failover.Scenarios.Faults;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Virtual;

/// <summary>What must hold for ours.</summary>
internal static class VirtualBars
{
    private const int Moves = 10;

    internal static IEnumerable<Bar> Quick(IReadOnlyList<VirtualRow> rows)
    {
        double[] times = Switches(rows);
        yield return new($"the address answers from the peer within 150 ms, in the median ({Numbers.Text(Numbers.Median(times))} ms)", Numbers.Median(times) <= 150, NeedsFullRun: true);
        yield return Within(times, 500);
    }

    internal static IEnumerable<Bar> Freeze(IReadOnlyList<VirtualRow> rows) => [Within(Switches(rows), 2500)];

    internal static IEnumerable<Bar> Planned(IReadOnlyList<VirtualRow> rows)
    {
        yield return new($"no request fails ({rows.Sum(static row => row.Failed)} did in {rows.Count} moves)", rows.All(static row => row is { Failed: 0, SwitchMs: not null }));
        yield return new($"at least {Moves} moves ({rows.Count})", rows.Count >= Moves, NeedsFullRun: true);
    }

    internal static IEnumerable<Bar> Heal(IReadOnlyList<VirtualRow> rows)
    {
        double gap = rows.Max(static row => row.GapMs ?? double.PositiveInfinity);
        yield return new($"no black hole: never 2,000 ms without an answer (at most {Numbers.Text(gap)} ms)", gap < 2000);
    }

    internal static IEnumerable<Bar> Partition(IReadOnlyList<VirtualRow> rows) =>
        ToldPartition.Detectors.Select(detector => Told(rows.Where(row => row.ToldBy == detector), $"both apps tell that both have the address, by {detector},", 1000));

    internal static IEnumerable<Bar> Silent(IReadOnlyList<VirtualRow> rows) => [Told(rows, "the app tells that keepalived does not track its credit", 2000)];

    private static Bar Told(IEnumerable<VirtualRow> rows, string what, double limit)
    {
        double most = rows.Select(static row => row.ToldMs ?? double.PositiveInfinity).DefaultIfEmpty(double.PositiveInfinity).Max();
        return new($"{what} within {limit:N0} ms, always (at most {Numbers.Text(most)} ms)", most <= limit);
    }

    private static Bar Within(double[] times, double limit) => new($"the address answers from the peer within {limit:N0} ms, always (at most {Numbers.Text(times.Max())} ms)", times.Max() <= limit);

    private static double[] Switches(IReadOnlyList<VirtualRow> rows) => [.. rows.Select(static row => row.SwitchMs ?? double.PositiveInfinity)];
}
