using System.Diagnostics;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Reports;
using Failover.TestServers.Sentinel;

namespace Failover.Scenarios.Redis.Faults;

/// <summary>The master gets a SIGKILL, and stays away.</summary>
internal sealed class KilledMaster : MovingFault
{
    private const double MostFollowMs = 100;

    internal override string Name => "kill";

    protected override Task BreakAsync(SentinelSet set, RedisNode master) => master.KillAsync();

    protected override Task AfterAsync(RedisRun run, long begun, bool isShort) => run.WaitForAllToWriteAsync(Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(isShort ? 3 : 12));

    protected override IEnumerable<Bar> BarsOf(string client, IReadOnlyList<RedisRow> ours)
    {
        yield return NothingLost(client, ours);
        double most = Most(ours, static row => row.FollowMs);
        yield return new($"{client}: the first write ≤ {MostFollowMs} ms after most sentinels' +switch-master (most; was {Numbers.Text(most)} ms)", most <= MostFollowMs, NeedsFullRun: true);
    }
}
