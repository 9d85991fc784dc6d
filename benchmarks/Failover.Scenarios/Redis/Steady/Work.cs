using System.Diagnostics;
using StackExchange.Redis;

namespace Failover.Scenarios.Redis.Steady;

/// <summary>What a client does for a tenth of a second or so: one command again and again.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Command">The command.</param>
/// <param name="AtOnce">How many are on their way at a time: 1, or so many that the connection is always full.</param>
/// <param name="Count">How many in all.</param>
internal sealed record Work(string Name, string Command, int AtOnce, int Count)
{
    internal static readonly IReadOnlyList<Work> All =
    [
        new("pipelined", "SET", 500, 20_000),
        new("pipelined", "GET", 500, 20_000),
        new("sequential", "SET", 1, 1_500),
        new("sequential", "GET", 1, 1_500),
    ];

    private static readonly RedisKey Key = "steady";
    private static readonly RedisValue Value = new byte[32];

    private readonly Task[] _tasks = new Task[AtOnce];
    private readonly long[] _ticks = new long[Count / AtOnce];

    /// <summary>Does it, and measures it. What the process allocates beside it meanwhile counts too: for each client alike, since all of them live as long as the run does.</summary>
    internal async Task<Measured> RunAsync(IDatabase database)
    {
        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < _ticks.Length; i++)
        {
            long asked = Stopwatch.GetTimestamp();
            if (AtOnce == 1)
            {
                await Send(database);
            }
            else
            {
                for (int j = 0; j < AtOnce; j++)
                {
                    _tasks[j] = Send(database);
                }

                await Task.WhenAll(_tasks);
            }

            _ticks[i] = Stopwatch.GetTimestamp() - asked;
        }

        TimeSpan taken = Stopwatch.GetElapsedTime(begun);
        double bytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / Count;
        Array.Sort(_ticks);
        return new(Count / taken.TotalSeconds, Microseconds(0.5), Microseconds(0.99), bytes);
    }

    private Task Send(IDatabase database) => Command == "SET" ? database.StringSetAsync(Key, Value) : database.StringGetAsync(Key);

    private double Microseconds(double part) => TimeSpan.FromSeconds((double)_ticks[(int)(part * (_ticks.Length - 1))] / Stopwatch.Frequency).TotalMicroseconds;
}

/// <summary>What one client did in one round.</summary>
/// <param name="PerSecond">Commands a second.</param>
/// <param name="P50">What half of the commands, or of the batches of commands, took at most, in microseconds.</param>
/// <param name="P99">What 99 of 100 took.</param>
/// <param name="Bytes">What was allocated for a command.</param>
internal readonly record struct Measured(double PerSecond, double P50, double P99, double Bytes);
