using System.Diagnostics;
using System.Text.Json;
using Failover.Scenarios.Dns.Clients;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Dns;

/// <summary>The runs of the scenario, in a network of their own.</summary>
internal static class DnsRuns
{
    private const string Provider = "rfc2136";

    /// <summary>The system's resolver blocks a thread of the pool for each question, and some clients wait for a frozen server: none must wait for the others.</summary>
    private const int Threads = 64;

    /// <summary>How long the name may take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal static async Task<int> RunAsync(DnsScenarioOptions options)
    {
        OwnNetwork.EndWithInput();
        ThreadPool.SetMinThreads(Threads, Threads);
        int seed = Environment.ProcessId;
        Console.WriteLine($"  seed of the phases: {seed}");
        Random random = new(seed);
        List<DnsRow> rows = [];
        await using DnsStage stage = await DnsStage.StartAsync(options);
        foreach ((SiteFault fault, int run) in options.Faults.SelectMany(fault => Enumerable.Range(1, options.Runs).Select(run => (fault, run))))
        {
            rows.AddRange(await RunAsync(stage, options, fault, run, random.NextDouble() * options.Phases));
            await File.WriteAllTextAsync(options.Json!, JsonSerializer.Serialize(rows, DnsRowJson.Default.IReadOnlyListDnsRow) + "\n");
        }

        return 0;
    }

    private static async Task<IReadOnlyList<DnsRow>> RunAsync(DnsStage stage, DnsScenarioOptions options, SiteFault fault, int run, TimeSpan phase)
    {
        await stage.EmptyCacheAsync();
        List<NameLoad> loads = [];
        try
        {
            foreach (NameClientKind kind in options.ClientsOf(run))
            {
                loads.Add(new(kind, await kind.StartAsync(stage)));
            }

            await Task.WhenAll(loads.Select(load => load.ServedAsync(stage.Active.Name)));
            await Task.Delay(phase);

            using CancellationTokenSource end = new(Limit);
            Task<long?>[] answers = [.. new[] { stage.Primary, stage.Secondary }.Select(server => AnswerWatch.SeenAsync(server.Port, DnsStage.Name, stage.Standby.Address, end.Token))];
            (long At, DateTimeOffset Utc) known = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
            int said = stage.Said;
            long failed = await fault.HappenAsync(stage.Active);
            Task<long?>[] served = [.. loads.Select(load => load.FirstOfAsync(stage.Standby.Name, options.WindowOf(load.Kind)))];
            Switchover? moved = await stage.MovedAsync(said, Limit);
            double? detect = moved?.Detected is { } detected ? (detected.Utc - (known.Utc + Stopwatch.GetElapsedTime(known.At, failed))).TotalMilliseconds : null;
            if (moved is null)
            {
                await end.CancelAsync();
            }

            long?[] seen = await Task.WhenAll(answers);
            long?[] firsts = await Task.WhenAll(served);
            DnsRow[] rows = [.. loads.Zip(firsts, (load, first) => new DnsRow
            {
                Provider = Provider,
                Fault = fault.Name,
                Client = load.Kind.Name,
                Run = run,
                DetectMs = Milliseconds(detect),
                SwitchMs = Milliseconds(Since(failed, seen[0]) - detect),
                VisibleMs = Milliseconds(Since(failed, seen.Contains(null) ? null : seen.Max()) - detect),
                ClientMs = Milliseconds(Since(failed, first)),
            })];
            Tell(rows, moved, loads);
            await stage.EndAsync(fault, moved);
            return rows;
        }
        finally
        {
            foreach (NameLoad load in loads)
            {
                await load.DisposeAsync();
            }
        }
    }

    private static double? Since(long from, long? at) => at is { } known ? Stopwatch.GetElapsedTime(from, known).TotalMilliseconds : null;

    private static double? Milliseconds(double? value) => value is { } known ? Math.Round(known, 1) : null;

    /// <summary>What was measured, and what the keeper itself says of its move.</summary>
    private static void Tell(DnsRow[] rows, Switchover? moved, List<NameLoad> loads)
    {
        DnsRow any = rows[0];
        Console.WriteLine($"  {any.Fault} {any.Run}: detected {Text(any.DetectMs)} ms, switched {Text(any.SwitchMs)} ms, visible {Text(any.VisibleMs)} ms{Steps(moved)}");
        foreach ((DnsRow row, NameLoad load) in rows.Zip(loads))
        {
            Console.WriteLine($"    {row.Client}: {Text(row.ClientMs)} ms; {load.Failures}");
        }
    }

    private static string Steps(Switchover? moved) => moved is { Detected: { } detected }
        ? $" (first failure {Text(moved.FirstFailure?.Since(detected).TotalMilliseconds)}, decided {Text(moved.Decided?.Since(detected).TotalMilliseconds)}, switched {Text(moved.Switched?.Since(detected).TotalMilliseconds)}, read back {Text(moved.Verified?.Since(detected).TotalMilliseconds)} ms after the detection, by the keeper's clock)"
        : "";

    private static string Text(double? milliseconds) => Numbers.Text(milliseconds ?? double.PositiveInfinity);
}
