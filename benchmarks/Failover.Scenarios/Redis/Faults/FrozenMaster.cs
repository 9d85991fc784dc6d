using System.Diagnostics;
using Failover.Scenarios.Faults;
using Failover.TestServers.Sentinel;

namespace Failover.Scenarios.Redis.Faults;

/// <summary>The master is stopped by a signal for 12 s: it takes connections meanwhile, and answers nothing; and then it takes writes beside the new one until the sentinels make it a replica.</summary>
internal sealed class FrozenMaster : MovingFault
{
    private const int MostFailed = 60;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(12);

    internal override string Name => "freeze";

    protected override Task BreakAsync(SentinelSet set, RedisNode master)
    {
        master.Freeze();
        return Task.CompletedTask;
    }

    protected override async Task AfterAsync(RedisRun run, long begun, bool isShort)
    {
        TimeSpan left = Length - Stopwatch.GetElapsedTime(begun);
        if (!isShort && left > TimeSpan.Zero)
        {
            await Task.Delay(left);
        }

        run.Master.Thaw();
        await (isShort ? SettleAsync(isShort) : WaitForDemotionAsync(run));
    }

    protected override IEnumerable<Bar> BarsOf(string client, IReadOnlyList<RedisRow> ours)
    {
        yield return NothingLost(client, ours);
        double failed = Most(ours, static row => row.Failed + row.Unknown);
        yield return new($"{client}: failed ≤ {MostFailed} of the 100/s, unknown ones with them (most in a run; was {failed})", failed <= MostFailed, NeedsFullRun: true);
    }
}
