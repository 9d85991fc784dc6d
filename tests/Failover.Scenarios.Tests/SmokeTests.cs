using Failover.Scenarios.Clients;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Http;
using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Tests;

/// <summary>That the scenarios still run, on real processes. What they measure is not judged here, where other tests share the processors.</summary>
public sealed class SmokeTests
{
    [Fact]
    public async Task A_killed_primary_costs_our_client_no_request_and_the_bare_one_most()
    {
        Row ours = await OursAsync();
        Row bare = RowOf.Run(await HttpRun.RunAsync(new Kill(), new BareClient(), rate: 50, isShort: true));

        Assert.Equal((0, 1), (ours.Failed + ours.FailedOutside, ours.Switchovers));
        Assert.True(bare.Failed > bare.Requests / 2, $"{bare.Failed} of {bare.Requests} failed.");
        Assert.True(ours.DeadHits < bare.DeadHits / 2, $"{ours.DeadHits} hits in place of {bare.DeadHits}.");
    }

    [Fact]
    public async Task A_hog_burns_a_processor_until_it_is_told_to_stop()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using CpuHog hog = CpuHog.Start(TimeSpan.FromSeconds(30));

        // Far more than a process takes to begin.
        while (hog.Burned < TimeSpan.FromSeconds(1))
        {
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>
    /// A primary that is still being compiled can miss its first probe where others share the processors. The group then begins on the secondary, and the kill shows nothing: begin again.
    /// </summary>
    private static async Task<Row> OursAsync()
    {
        Row row;
        int tries = 0;
        do
        {
            row = RowOf.Run(await HttpRun.RunAsync(new Kill(), new FailoverClient(), rate: 50, isShort: true));
            Assert.Equal(0, row.Failed + row.FailedOutside);
        }
        while (row.Switchovers == 0 && ++tries < 4);

        return row;
    }
}
