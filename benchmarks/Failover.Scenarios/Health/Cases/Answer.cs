using System.Globalization;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Health.Load;
using Failover.Scenarios.Health.Nodes;

namespace Failover.Scenarios.Health.Cases;

/// <summary>What an answer costs the server, with three trivial checks. The nodes take turns, so that what is compared has seen the same noise.</summary>
internal sealed class Answer : HealthCase
{
    private const double MostRatio = 1.10;
    private const int Connections = 16;

    internal override string Name => "answer";

    internal override string About => "the servers take turns in rounds of 2,000 answers on 16 connections that stay open; 8 rounds to get warm, then 121";

    internal override async Task<IReadOnlyList<HealthRow>> RunAsync(bool isShort)
    {
        (int warm, int rounds, int requests) = isShort ? (1, 3, 500) : (8, 121, 2000);
        NodeProcess[] nodes = [.. await Task.WhenAll(NodeKinds.All.Select(kind => NodeProcess.StartAsync(kind, Name, isShort)))];
        List<Hammer> hammers = [];
        try
        {
            foreach (NodeProcess node in nodes)
            {
                hammers.Add(await Hammer.OpenAsync(node.Port, Connections));
            }

            List<(double Cpu, Answers Answers)[]> measured = [];
            for (int round = 0; round < warm + rounds; round++)
            {
                (double, Answers)[] of = new (double, Answers)[nodes.Length];

                // Each begins a round in its turn.
                foreach (int at in Enumerable.Range(round, nodes.Length).Select(i => i % nodes.Length))
                {
                    of[at] = await RoundAsync(nodes[at], hammers[at], requests);
                }

                if (round >= warm)
                {
                    measured.Add(of);
                }
            }

            int baseline = Array.FindIndex(nodes, node => node.Kind == NodeKinds.MapGet);
            return [.. nodes.Select((node, at) => RowOf(node.Kind, [.. measured.Select(round => round[at])], [.. measured.Select(round => round[at].Cpu / round[baseline].Cpu)]))];
        }
        finally
        {
            hammers.ForEach(hammer => hammer.Dispose());
            foreach (NodeProcess node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    internal override IEnumerable<Bar> Bars(IReadOnlyList<HealthRow> rows, bool isShort)
    {
        HealthRow ours = Ours(rows);
        yield return new(string.Create(CultureInfo.InvariantCulture, $"server CPU of an answer ≤ {MostRatio:N2} of MapGet(\"ok\") (median {ours.Ratio:N2}; half of the rounds from {ours.RatioLow:N2} to {ours.RatioHigh:N2})"), ours.Ratio <= MostRatio, NeedsFullRun: true);
    }

    private static async Task<(double Cpu, Answers Answers)> RoundAsync(NodeProcess node, Hammer hammer, int requests)
    {
        int before = await node.CpuAsync();
        Answers answers = await hammer.CountAsync(requests);
        return ((double)(await node.CpuAsync() - before) / requests, answers);
    }

    private HealthRow RowOf(string kind, (double Cpu, Answers Answers)[] rounds, double[] ratios) => new()
    {
        Case = Name,
        Client = kind,
        Rps = Answers.Median(rounds.Select(round => round.Answers.Rps)),
        CpuMicros = Answers.Median(rounds.Select(round => round.Cpu)),
        P99Ms = Answers.Median(rounds.Select(round => round.Answers.P99)),
        Ratio = Answers.Median(ratios),
        RatioLow = Answers.Percentile(ratios, 0.25),
        RatioHigh = Answers.Percentile(ratios, 0.75),
    };
}
