using System.Diagnostics;
using Failover.Benchmarks.Groups;

namespace Failover.Benchmarks.Scale;

/// <summary>Many groups in one process: what they cost while nothing happens, each member probed every 5 seconds.</summary>
internal static class ScaleRun
{
    private const int MaxBytesPerGroup = 4 * 1024;
    private const double MaxShareOfCore = 0.25;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <returns>0 if every bar was kept.</returns>
    internal static async Task<int> RunAsync(int groups, int large, TimeSpan watched)
    {
        NoOpProbe probe = new();
        using Process process = Process.GetCurrentProcess();
        string[] names = [.. Enumerable.Range(0, groups).Select(i => $"group{i}")];
        List<FailoverGroup> all = new(groups);

        // Types, tables and threads that come with the first group are not its cost.
        FailoverGroup first = LiveGroup.Build("first", Members("first", 2), probe);
        await first.WaitForActiveAsync(CancellationToken.None);
        long before = LiveBytes();
        foreach (string name in names)
        {
            all.Add(LiveGroup.Build(name, Members(name, 2), probe));
        }

        foreach (FailoverGroup group in all)
        {
            group.Start();
        }

        foreach (FailoverGroup group in all)
        {
            await group.WaitForActiveAsync(CancellationToken.None);
        }

        await Task.Delay(Settling);
        double bytes = (double)(LiveBytes() - before) / groups;

        FailoverGroup wide = LiveGroup.Build("wide", Members("wide", large), probe);
        await wide.WaitForActiveAsync(CancellationToken.None);
        all.Add(wide);
        await Task.Delay(Settling);

        process.Refresh();
        TimeSpan cpu = process.TotalProcessorTime;
        long probes = probe.Asked;
        long allocated = GC.GetTotalAllocatedBytes();
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(watched);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        double share = (process.TotalProcessorTime - cpu) / took;
        double rate = (probe.Asked - probes) / took.TotalSeconds;
        double allocatedPerProbe = (GC.GetTotalAllocatedBytes() - allocated) / Math.Max(1.0, probe.Asked - probes);

        int settled = all.Count(g => g.Snapshot.Condition == GroupCondition.Settled);
        bool kept = share < MaxShareOfCore && bytes < MaxBytesPerGroup && settled == all.Count;
        Console.WriteLine($"{groups:N0} groups of two and one of {large}, no-op probe, {took.TotalSeconds:N0} s");
        Console.WriteLine($"  settled           {settled:N0} of {all.Count:N0}");
        Console.WriteLine($"  probes            {rate:N0} a second");
        Console.WriteLine($"  CPU               {share:P1} of one core        (bar: {MaxShareOfCore:P0})");
        Console.WriteLine($"  memory            {bytes:N0} bytes a group      (bar: {MaxBytesPerGroup:N0})");
        Console.WriteLine($"  allocated         {allocatedPerProbe:N0} bytes a probe");
        Console.WriteLine(kept ? "Every bar was kept." : "MISSED.");
        await Task.WhenAll(all.Append(first).Select(g => g.DisposeAsync().AsTask()));
        return kept ? 0 : 1;
    }

    /// <summary>The least of some readings: between a collection and its reading, probes go on and leave garbage.</summary>
    private static long LiveBytes() => Enumerable.Range(0, 10).Min(_ => GC.GetTotalMemory(forceFullCollection: true));

    private static IEnumerable<Uri> Members(string group, int count) => Enumerable.Range(0, count).Select(i => new Uri($"http://m{i}.{group}.example/"));
}
