using Failover.Simulation.Reporting;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Running;

/// <summary>Many runs of groups, until there were enough events or a promise was broken.</summary>
internal sealed class Batch
{
    internal CellTable Cells { get; } = new();

    internal SortedDictionary<WorldKind, int> Runs { get; } = [];

    internal RunResult? Failure { get; private set; }

    internal void Run(IEnumerable<ulong> seeds, Func<long, bool> enough, IFold fold) => Many.Run(seeds, seed => Running.Run.Of(seed, fold), result =>
    {
        Cells.Add(result.Cells);
        Runs[result.Kind] = Runs.GetValueOrDefault(result.Kind) + 1;

        // The least seed, so that the same fault is told of each time.
        if (result.Violated is not null && (Failure is null || result.Seed < Failure.Seed))
        {
            Failure = result;
        }

        return Failure is not null || enough(Cells.Total);
    });
}
