using Failover.Scenarios.Faults;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>Something that befalls the preferred node, which has the address, or both.</summary>
internal abstract class VirtualFault
{
    internal static readonly IReadOnlyList<VirtualFault> All =
    [
        new AppFault("unhealthy", static node => node.App!.SetLocalAsync(isHealthy: false), static stage => stage.Site.A.App!.SetLocalAsync(isHealthy: true), VirtualBars.Quick),
        new AppFault("kill", static node => node.App!.KillAsync(), static stage => stage.StartAgainAsync(), VirtualBars.Quick),
        new AppFault("freeze", static node => Task.Run(node.App!.Freeze), static stage => Task.Run(stage.Site.A.App!.Thaw), VirtualBars.Freeze),
        new PlannedMove(),
        new AppFault("node-death", static node => node.DieAsync(), static stage => stage.Site.A.ReviveAsync(), static _ => []),
        new HealedPartition(),
    ];

    internal abstract string Name { get; }

    /// <summary>Tells whether a design has such a thing.</summary>
    internal virtual bool IsOf(VirtualDesignKind design) => true;

    /// <summary>Lets it happen, and undoes it. The preferred node has the address before and after.</summary>
    /// <returns>A row; or two, of a move and of the move back.</returns>
    internal abstract Task<IReadOnlyList<VirtualRow>> RunAsync(VirtualStage stage, int run);

    /// <summary>What must hold for ours.</summary>
    internal abstract IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows);

    /// <summary>Lets something happen, and writes down what a client saw until one node alone had the address and answered.</summary>
    private protected async Task<VirtualRow> MeasureAsync(VirtualStage stage, AddressClient client, int run, Func<Task> happen, VirtualNode to, bool hasDied = false)
    {
        TimeSpan at = VirtualSite.Now;
        Task happening = happen();
        AddressCall? first = await FirstAsync(client, to, at);
        await happening;
        if (!hasDied && first is not null)
        {
            await stage.Site.HeldByAsync(to);
        }

        AddressReport report = await client.ReportAsync(at, VirtualSite.Now);
        return new()
        {
            Fault = Name,
            Design = stage.Design.Name,
            Run = run,
            SwitchMs = Milliseconds(first?.Ended - at),
            GapMs = Milliseconds(report.Gap),
            Failed = report.Failed.Count,
            DualMs = Milliseconds(report.HeldByBoth),
        };
    }

    /// <summary>Waits for the first answer of a node, as long as it is worth waiting.</summary>
    private protected static async Task<AddressCall?> FirstAsync(AddressClient client, VirtualNode of, TimeSpan after)
    {
        try
        {
            return await client.AnswerAsync(of, after);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private protected static double? Milliseconds(TimeSpan? time) => time is { } known ? Milliseconds(known) : null;

    private protected static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);

    /// <summary>Of the app of the preferred node, or of the whole node.</summary>
    private sealed class AppFault(string name, Func<VirtualNode, Task> happen, Func<VirtualStage, Task> undo, Func<IReadOnlyList<VirtualRow>, IEnumerable<Bar>> bars) : VirtualFault
    {
        internal override string Name => name;

        internal override async Task<IReadOnlyList<VirtualRow>> RunAsync(VirtualStage stage, int run)
        {
            await using AddressClient client = await stage.ClientAsync();
            VirtualRow row = await MeasureAsync(stage, client, run, () => happen(stage.Site.A), stage.Site.B, hasDied: name == "node-death");
            await undo(stage);
            await stage.SwitchBackAsync();
            return [row];
        }

        internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => bars(rows);
    }

    /// <summary>Somebody moves the address to the other node, and back.</summary>
    private sealed class PlannedMove : VirtualFault
    {
        internal override string Name => "planned";

        internal override bool IsOf(VirtualDesignKind design) => design.IsOurs;

        internal override async Task<IReadOnlyList<VirtualRow>> RunAsync(VirtualStage stage, int run)
        {
            (VirtualNode a, VirtualNode b) = (stage.Site.A, stage.Site.B);
            await using AddressClient client = await stage.ClientAsync();
            VirtualRow there = await MeasureAsync(stage, client, (2 * run) - 1, () => a.App!.MoveToAsync(b), b);
            await stage.Site.SettledAsync(b);
            VirtualRow back = await MeasureAsync(stage, client, 2 * run, () => a.App!.MoveToAsync(a), a);
            await stage.Site.SettledAsync(a);
            return [there, back];
        }

        internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => VirtualBars.Planned(rows);
    }

    /// <summary>The nodes were parted, and both had the address: the time after they are joined again.</summary>
    private sealed class HealedPartition : VirtualFault
    {
        internal override string Name => "heal";

        internal override async Task<IReadOnlyList<VirtualRow>> RunAsync(VirtualStage stage, int run)
        {
            VirtualSite site = stage.Site;
            await using AddressClient client = await stage.ClientAsync();
            TimeSpan parted = VirtualSite.Now;
            await site.PartitionAsync(withWire: false);
            await site.HeldByBothAsync();

            // It has told the network that the address is there: the client has to learn anew.
            await client.AnswerAsync(site.B, parted);

            // Who is heard first decides what follows: each run ends the partition at another time between two adverts.
            await Task.Delay(TimeSpan.FromMilliseconds(run * 370 % 1000));
            TimeSpan healed = VirtualSite.Now;
            await site.HealAsync();
            await site.HeldByAsync(site.A);
            AddressCall? first = await FirstAsync(client, site.A, VirtualSite.Now);
            AddressReport report = await client.ReportAsync(healed, first?.Ended ?? VirtualSite.Now);
            await stage.SwitchBackAsync();
            return
            [
                new()
                {
                    Fault = Name,
                    Design = stage.Design.Name,
                    Run = run,
                    SwitchMs = Milliseconds(first?.Ended - healed),
                    GapMs = Milliseconds(report.Gap),
                    Failed = report.Failed.Count,
                    DualMs = Milliseconds(report.HeldByBoth),
                },
            ];
        }

        internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => VirtualBars.Heal(rows);
    }
}
