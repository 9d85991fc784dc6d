using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Failover.Benchmarks.Quick;

/// <summary>
/// What one call of something costs: the fastest of many rounds, since everything else on the machine only ever adds to it. What is to be compared takes turns, so that
/// a busy second falls on all of it.
/// </summary>
internal readonly record struct Measure(double Nanoseconds, double Bytes)
{
    private const int Rounds = 40;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(30);

    internal static Measure[] Of(IReadOnlyList<Item> items)
    {
        int[] calls = [.. items.Select(Warm)];
        Measure[] best = [.. items.Select(_ => new Measure(double.MaxValue, double.MaxValue))];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < items.Count; i++)
            {
                double operations = (double)calls[i] * items[i].Operations;
                long before = GC.GetAllocatedBytesForCurrentThread();
                double took = Run(items[i].Run, calls[i]).TotalNanoseconds / operations;
                double bytes = Math.Round((GC.GetAllocatedBytesForCurrentThread() - before) / operations);
                best[i] = new(Math.Min(best[i].Nanoseconds, took), Math.Min(best[i].Bytes, bytes));
            }
        }

        return best;
    }

    /// <summary>Runs it long enough for the tiered compiler to have had its last word. Returns how many calls make a round.</summary>
    private static int Warm(Item item)
    {
        int calls = 1;
        for (Stopwatch warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
        {
            TimeSpan took = Run(item.Run, calls);
            calls = took < Round ? calls * 2 : calls;
        }

        return calls;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TimeSpan Run(Action action, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
