using Failover.Scenarios.Faults;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>Somebody moves the address to the other node, and back.</summary>
internal sealed class PlannedMove : VirtualFault
{
    internal override string Name => "planned";

    private protected override int RowsOfRun => 2;

    internal override bool IsOf(VirtualDesignKind design) => design.IsOurs;

    internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => VirtualBars.Planned(rows);

    private protected override async Task PlayAsync(VirtualStage stage, int run, Action<VirtualRow> write)
    {
        (VirtualNode a, VirtualNode b) = (stage.Site.A, stage.Site.B);
        await using AddressClient client = await stage.ClientAsync();
        write(await MeasureAsync(stage, client, NumberOf(run, 0), () => a.App!.MoveToAsync(b), b));
        await stage.Site.SettledAsync(b);
        write(await MeasureAsync(stage, client, NumberOf(run, 1), () => a.App!.MoveToAsync(a), a));
        await stage.Site.SettledAsync(a);
    }

    private protected override VirtualRow Lost(VirtualStage stage, int run, int index) => base.Lost(stage, NumberOf(run, index), index);

    private static int NumberOf(int run, int index) => (2 * run) - 1 + index;
}
