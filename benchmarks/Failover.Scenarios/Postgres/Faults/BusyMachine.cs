using System.Diagnostics;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Postgres.Clients;
using Failover.Scenarios.Reports;
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
        long begun = Stopwatch.GetTimestamp();
        double cores = await CpuHog.BurnAllAsync(TimeSpan.FromSeconds(isShort ? 4 : 60));
        return [.. (await run.EndAsync(Name, number, begun)).Select(row => row with { Details = row.Details with { HogCores = cores } })];
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
