using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Leases;
using Failover.TestServers;

namespace Failover.Scenarios.Tests;

/// <summary>That the lease scenario still runs, on real servers and processes. Times are not judged here, where other tests share the processors.</summary>
public sealed class LeaseTests
{
    [ServerFact("etcd", "etcdctl", "postgres", "setpriv")]
    public async Task Each_way_to_be_the_primary_hands_over_when_its_holder_is_stopped()
    {
        IReadOnlyList<LeaseRow> rows = await LeaseScenario.MeasureAsync(LeaseScenarioOptions.Parse(["--short", "--fault", "stop"]));

        Assert.Equal(["failover-etcd", "failover-postgresql", "failover-kubernetes", "distributedlock", "leaderelector"], rows.Select(static row => row.Client));
        Assert.All(rows, static row => Assert.True(row is { TakeoverMs: > 0, Acts: > 0 }, $"{row}"));
        Assert.All(LeaseFault.All[0].Bars(rows).Where(static bar => !bar.NeedsFullRun), static bar => Assert.True(bar.IsKept, bar.Text));
    }

    [Fact]
    public void The_rows_have_the_names_that_were_agreed()
    {
        string json = JsonSerializer.Serialize([Row("failover-etcd")], LeaseRowJson.Default.IReadOnlyListLeaseRow);

        Assert.Equal(
            ["scenario", "arbiter", "fault", "client", "run", "takeoverMs", "overlapMs", "acts"],
            JsonDocument.Parse(json).RootElement.EnumerateArray().Single().EnumerateObject().Select(static property => property.Name));
    }

    [Fact]
    public void What_ours_miss_is_told_and_what_peers_do_is_not()
    {
        LeaseRow bad = Row("failover-etcd") with { TakeoverMs = null, OverlapMs = 0.1, LateActs = 1, HasMoved = true, Health = "Healthy, then Healthy" };

        foreach (LeaseFault fault in LeaseFault.All)
        {
            Bar[] missed = [.. fault.Bars([bad])];
            Assert.All(missed, static bar => Assert.False(bar.IsKept, bar.Text));
            Assert.Equal(missed.Length, fault.Bars([Row("failover-etcd")]).Count(static bar => bar.IsKept));
            Assert.Empty(fault.Bars([bad with { Client = "leaderelector" }]));
        }
    }

    private static LeaseRow Row(string client) =>
        new() { Arbiter = "etcd", Fault = "stop", Client = client, Run = 1, TakeoverMs = 90, OverlapMs = 0, Acts = 7, Health = "Degraded, then Healthy" };
}
