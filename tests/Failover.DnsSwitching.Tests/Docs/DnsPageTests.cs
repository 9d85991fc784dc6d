using Failover.DnsSwitching.Tests.Switching;

namespace Failover.DnsSwitching.Tests.Docs;

/// <summary>What the page shows.</summary>
public class DnsPageTests
{
    [Fact]
    public async Task The_plan_of_the_page_is_printed_and_a_move_is_put_back()
    {
        MemoryZone zone = new();
        await using Controller host = await Controller.StartAsync(zone);
        await host.SettlesOnAsync("a");
        StringWriter printed = new();

        await MoveAndBackAsync(host.Switch, printed, CancellationToken.None);

        Assert.Contains("add shop.example.com A 192.0.2.2, TTL 30 s", printed.ToString(), StringComparison.Ordinal);
        Assert.Equal("A 192.0.2.1", zone.State.Values.ToString());
        Assert.Equal(2, zone.Changes.Count);
    }

    #region docs:plan
    private static async Task MoveAndBackAsync(DnsSwitch shop, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (string step in await shop.PlanAsync("b", cancellationToken))       // the dry run: what a move would do, step by step
        {
            await output.WriteLineAsync(step);
        }

        shop.Group.Pin();                                                           // from now on only a person moves it
        await shop.Group.SwitchToAsync("b", cancellationToken);
        await shop.RestoreAsync(cancellationToken);                                 // puts back what this process changed last, unless someone else has changed it since
    }
    #endregion
}
