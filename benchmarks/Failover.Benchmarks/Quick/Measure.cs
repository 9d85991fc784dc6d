using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Failover.Benchmarks.Quick;

/// <summary>What one call of something costs: the fastest of many rounds, since everything else on the machine only ever adds to it.</summary>
internal readonly record struct Measure(double Nanoseconds, double Bytes)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(50);
    private const int Rounds = 30;

    internal static Measure Of(Action action, int operations)
    {
        // Long enough for the tiered compiler to have had its last word.
        int calls = 1;
        for (Stopwatch warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
        {
            TimeSpan took = Run(action, calls);
            calls = took < Round ? calls * 2 : calls;
        }

        TimeSpan fastest = TimeSpan.MaxValue;
        long allocated = long.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan took = Run(action, calls);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            fastest = took < fastest ? took : fastest;
        }

        double all = (double)calls * operations;
        return new(fastest.TotalNanoseconds / all, Math.Round(allocated / all));
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
