using Failover.Simulation.Reporting;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Running;

/// <summary>Many runs, over all cores, until there were enough events or a promise was broken.</summary>
internal sealed class Batch
{
    private readonly Lock _gate = new();

    internal CellTable Cells { get; } = new();

    internal SortedDictionary<WorldKind, int> Runs { get; } = [];

    internal RunResult? Failure { get; private set; }

    internal void Run(IEnumerable<ulong> seeds, Func<long, bool> enough, IFold fold) =>
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            RunResult result = Running.Run.Of(seed, fold);
            lock (_gate)
            {
                Cells.Add(result.Cells);
                Runs[result.Kind] = Runs.GetValueOrDefault(result.Kind) + 1;

                // The least seed, so that the same fault is told of each time.
                if (result.Violated is not null && (Failure is null || seed < Failure.Seed))
                {
                    Failure = result;
                }

                if (Failure is not null || enough(Cells.Total))
                {
                    loop.Stop();
                }
            }
        });
}
