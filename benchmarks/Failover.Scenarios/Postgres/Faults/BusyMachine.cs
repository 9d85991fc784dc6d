using System.Diagnostics;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Postgres.Clients;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Postgres.Faults;

/// <summary>The cluster is well, but for a minute other processes burn every core of the machine: one each, as fast as they can. Ours, and plain Npgsql to show what the load itself costs.</summary>
internal sealed class BusyMachine : ClusterFault
{
    internal override string Name => "hog";

    internal override int Runs(int asked) => 1;

    internal override async Task<IReadOnlyList<PostgresRow>> RunAsync(Stage stage, IReadOnlyList<ClusterClientKind> clients, int number, bool isShort)
    {
        await using ClusterRun run = await ClusterRun.StartAsync(stage, clients.Where(static client => client.IsOurs || client.Name == ClusterClientKind.Npgsql));
        await Task.Delay(TimeSpan.FromSeconds(isShort ? 1 : 4));
        TimeSpan length = TimeSpan.FromSeconds(isShort ? 4 : 60);
        CpuHog[] hogs = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => CpuHog.Start(length))];
        try
        {
            long begun = Stopwatch.GetTimestamp();
            await Task.Delay(length);
            double cores = hogs.Aggregate(TimeSpan.Zero, static (sum, hog) => sum + hog.Burned) / Stopwatch.GetElapsedTime(begun);
            return [.. (await run.EndAsync(Name, number, begun)).Select(row => row with { Details = row.Details with { HogCores = Math.Round(cores, 2) } })];
        }
        finally
        {
            foreach (CpuHog hog in hogs)
            {
                hog.Dispose();
            }
        }
    }

    internal override IEnumerable<Bar> Bars(IReadOnlyList<PostgresRow> rows)
    {
        foreach ((string client, IReadOnlyList<PostgresRow> ours) in Ours(rows))
        {
            PostgresRow row = ours[0];
            yield return new($"{client}: 0 switchovers (was {row.Details.Switchovers}; the cluster itself moved {row.Details.Promotions} times)", row.Details.Switchovers == 0);
            yield return new($"{client}: 0 writes failed (was {row.Failed}; the slowest took {Numbers.Text(row.SlowestMs)} ms)", row.Failed == 0);
            yield return new($"{client}: the hogs had at least a quarter of the {Environment.ProcessorCount} cores (was {row.Details.HogCores})", row.Details.HogCores >= Environment.ProcessorCount / 4.0);
        }
    }
}
