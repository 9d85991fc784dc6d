using Failover.Scenarios.Faults;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>A failure of the app of the preferred node, or of the whole node.</summary>
internal sealed class NodeFault(string name, Func<VirtualNode, Task> happen, Func<VirtualStage, Task> undo, Func<IReadOnlyList<VirtualRow>, IEnumerable<Bar>> bars) : VirtualFault
{
    internal override string Name => name;

    internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => bars(rows);

    private protected override async Task PlayAsync(VirtualStage stage, int run, Action<VirtualRow> write)
    {
        await using AddressClient client = await stage.ClientAsync();
        write(await MeasureAsync(stage, client, run, () => happen(stage.Site.A), stage.Site.B, hasDied: name == "node-death"));
        await undo(stage);
        await stage.SwitchBackAsync();
    }
}
