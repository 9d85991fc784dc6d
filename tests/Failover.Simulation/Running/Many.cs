namespace Failover.Simulation.Running;

/// <summary>Many runs, over all cores, until there were enough.</summary>
internal static class Many
{
    /// <param name="seeds">What to run.</param>
    /// <param name="run">A run.</param>
    /// <param name="take">Takes in what came of one, and says whether it is enough. Called by one at a time.</param>
    internal static void Run<T>(IEnumerable<ulong> seeds, Func<ulong, T> run, Func<T, bool> take)
    {
        Lock gate = new();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            T result = run(seed);
            lock (gate)
            {
                if (take(result))
                {
                    loop.Stop();
                }
            }
        });
    }
}
