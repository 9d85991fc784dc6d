using Failover.Scenarios.Clients;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Http;
using Failover.Scenarios.Reports;

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
