using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Virtual;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Tests;

/// <summary>That the scenario of the virtual address still runs, on real networks and with a real keepalived. Times are not judged here, where other tests share the processors.</summary>
public sealed class VirtualTests
{
    [SiteFact]
    public async Task Our_design_gives_the_address_up_when_its_app_is_unhealthy_and_moves_it_there_and_back()
    {
        IReadOnlyList<VirtualRow> rows = await VirtualScenario.MeasureAsync(VirtualScenarioOptions.Parse(["--short", "--design", "failover", "--fault", "unhealthy,planned"]));

        Assert.Equal([("unhealthy", 1), ("planned", 1), ("planned", 2)], rows.Select(static row => (row.Fault, row.Run)));
        Assert.All(rows, static row => Assert.True(row is { Design: "failover", SwitchMs: > 0, GapMs: > 0 }, $"{row}"));
    }

    [SiteFact]
    public async Task A_run_that_does_not_end_is_a_row_of_its_own_and_the_next_one_begins_with_a_site_that_is_well()
    {
        await using VirtualStage stage = await VirtualStage.StartAsync(VirtualDesignKind.All.Single(static design => design.IsOurs));

        foreach (Exception end in new Exception[] { new TimeoutException("Waited long enough."), new MoveRefusedException("409: the move is refused.") })
        {
            IReadOnlyList<VirtualRow> rows = await new Endless(end).RunAsync(stage, 3);

            Assert.Equal([("endless", 3, null, null), ("endless", 3, null, null)], rows.Select(static row => (row.Fault, row.Run, row.SwitchMs, row.GapMs)));
            await stage.Site.SettledAsync(stage.Site.A);
        }

        // What nobody thought of is a fault of the measurement, and no row.
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Endless(new InvalidOperationException("Sequence contains no elements.")).RunAsync(stage, 4));
    }

    [Fact]
    public void A_move_that_did_not_come_is_told_wherever_one_is_to_come()
    {
        Assert.Equal(
            ["partition", "silent-start", "silent-file"],
            VirtualFault.All.Where(static fault => !VirtualScenario.LineOf(fault, Row(fault.Name, 1) with { SwitchMs = null }).StartsWith($"{fault.Name} 1: failover never ms, ", StringComparison.Ordinal)).Select(static fault => fault.Name));
    }

    [Fact]
    public void The_rows_have_the_names_that_were_agreed()
    {
        string json = JsonSerializer.Serialize([Row("kill", 1)], VirtualRowJson.Default.IReadOnlyListVirtualRow);

        Assert.Equal(
            ["scenario", "fault", "design", "run", "switchMs", "gapMs", "failed", "dualMs", "toldMs", "toldBy"],
            JsonDocument.Parse(json).RootElement.EnumerateArray().Single().EnumerateObject().Select(static property => property.Name));
    }

    [Fact]
    public void Every_bar_is_kept_by_good_rows_and_missed_by_bad_ones()
    {
        foreach (VirtualFault fault in VirtualFault.All)
        {
            Bar[] kept = [.. fault.Bars([.. Enumerable.Range(1, 10).Select(run => Row(fault.Name, run))])];
            Bar[] missed = [.. fault.Bars([Row(fault.Name, 1) with { SwitchMs = null, GapMs = null, Failed = 1, ToldMs = null }])];

            Assert.All(kept, static bar => Assert.True(bar.IsKept, bar.Text));
            Assert.All(missed, static bar => Assert.False(bar.IsKept, bar.Text));
            Assert.Equal(kept.Length, missed.Length);
        }
    }

    [Fact]
    public void Nobody_moves_an_address_on_purpose_that_a_script_decides_about() =>
        Assert.Equal(["failover"], VirtualDesignKind.All.Where(VirtualFault.All.Single(static fault => fault.Name == "planned").IsOf).Select(static design => design.Name));

    /// <summary>Kills an app, and does not get on.</summary>
    private sealed class Endless(Exception end) : VirtualFault
    {
        internal override string Name => "endless";

        private protected override int RowsOfRun => 2;

        internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => [];

        private protected override async Task PlayAsync(VirtualStage stage, int run, Action<VirtualRow> write)
        {
            await stage.Site.A.App!.KillAsync();
            throw end;
        }
    }

    private static VirtualRow Row(string fault, int run) => new() { Fault = fault, Design = "failover", Run = run, SwitchMs = 90, GapMs = 40, Failed = 0, DualMs = 0, ToldMs = 300, ToldBy = ToldPartition.Detectors[run % 3] };
}
