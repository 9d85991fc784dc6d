using Failover.Scenarios.Faults;
using Failover.Scenarios.Redis.Clients;
using Failover.Scenarios.Reports;
using Failover.TestServers.Sentinel;

namespace Failover.Scenarios.Redis.Faults;

/// <summary>The sentinels are asked to move the master. The old one takes writes until they make it a replica, some 10 s later.</summary>
internal sealed class PlannedFailover : MovingFault
{
    private const double MostOfSwitch = 1.2;
    private const double MostFastMs = 250;

    internal override string Name => "planned";

    protected override Task BreakAsync(SentinelSet set, RedisNode master) => set.RequestFailoverAsync();

    protected override Task AfterAsync(RedisRun run, long begun, bool isShort) => isShort ? SettleAsync(isShort) : WaitForDemotionAsync(run);

    protected override IEnumerable<Bar> BarsOf(string client, IReadOnlyList<RedisRow> ours)
    {
        yield return NothingLost(client, ours);
        int byReplication = ours.Sum(static row => row.AsyncLost);
        yield return new($"{client}: 0 lost by replication either: nobody was in a hurry (was {byReplication})", byReplication == 0);
        int failed = ours.Sum(static row => row.Failed), unknown = ours.Sum(static row => row.Unknown);
        yield return new($"{client}: 0 errors (was {failed} failed, {unknown} unknown)", failed + unknown == 0);
        double gap = Most(ours, static row => row.GapMs);
        if (client == RedisClientKind.OursFast)
        {
            double own = Most(ours, static row => row.GapMs - row.AcceptMs);
            yield return new($"{client}: the longest gap ≤ {MostFastMs} ms (most; was {Numbers.Text(gap)} ms, and {Numbers.Text(own)} ms more than the sentinels took)", gap <= MostFastMs, NeedsFullRun: true);
        }
        else
        {
            double ratio = Most(ours, static row => row.GapMs / row.SwitchMs);
            yield return new($"{client}: the longest gap ≤ {MostOfSwitch} times what passed from +try-failover to +switch-master (most; was {ratio:0.00}, {Numbers.Text(gap)} ms)", ratio <= MostOfSwitch, NeedsFullRun: true);
        }
    }
}
