using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>Something that befalls the preferred node, which has the address, or both.</summary>
internal abstract class VirtualFault
{
    internal static readonly IReadOnlyList<VirtualFault> All =
    [
        new NodeFault("unhealthy", static node => node.App!.SetLocalAsync(isHealthy: false), static stage => stage.Site.A.App!.SetLocalAsync(isHealthy: true), VirtualBars.Quick),
        new NodeFault("kill", static node => node.App!.KillAsync(), static stage => stage.StartAgainAsync(), VirtualBars.Quick),
        new NodeFault("freeze", static node => Task.Run(node.App!.Freeze), static stage => Task.Run(stage.Site.A.App!.Thaw), VirtualBars.Freeze),
        new PlannedMove(),
        new NodeFault("node-death", static node => node.DieAsync(), static stage => stage.Site.A.ReviveAsync(), static _ => []),
        new HealedPartition(),
        new ToldPartition(),
        new UntrackedCredit(),
        new UntrackedStart("silent-start", isWithoutFolder: true),
        new UntrackedStart("silent-file", isWithoutFolder: false),
    ];

    internal abstract string Name { get; }

    /// <summary>How many rows a run has: of a move and of the move back, or of each detector.</summary>
    private protected virtual int RowsOfRun => 1;

    /// <summary>Gets whether the address is to move; else it is to stay, or both have it.</summary>
    internal virtual bool Moves => true;

    /// <summary>Tells whether a design has such a thing.</summary>
    internal virtual bool IsOf(VirtualDesignKind design) => true;

    /// <summary>What must hold for ours.</summary>
    internal abstract IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows);

    /// <summary>Lets it happen, and undoes it. The preferred node has the address before and after. What never ends is written down as that, and the next run begins with new apps.</summary>
    internal async Task<IReadOnlyList<VirtualRow>> RunAsync(VirtualStage stage, int run)
    {
        List<VirtualRow> rows = [];
        try
        {
            await PlayAsync(stage, run, rows.Add);
        }
        catch (Exception failure) when (failure is TimeoutException or MoveRefusedException)
        {
            Console.Error.WriteLine($"  {Name} {run}: {stage.Design.Name} {failure.Message.Split('\n')[0]}");
            for (int i = rows.Count; i < RowsOfRun; i++)
            {
                rows.Add(Lost(stage, run, i));
            }

            await stage.StartAnewAsync();
        }

        return rows;
    }

    /// <summary>Lets it happen, writes down each row as it is known, and undoes it.</summary>
    /// <exception cref="TimeoutException">Something did not come that should.</exception>
    /// <exception cref="MoveRefusedException">A move was refused.</exception>
    private protected abstract Task PlayAsync(VirtualStage stage, int run, Action<VirtualRow> write);

    /// <summary>A row of a run of which nothing is known but that it did not end.</summary>
    private protected virtual VirtualRow Lost(VirtualStage stage, int run, int index) =>
        new() { Fault = Name, Design = stage.Design.Name, Run = run, SwitchMs = null, GapMs = null, Failed = 0, DualMs = 0 };

    /// <summary>Lets something happen, and writes down what a client saw until one node alone had the address and answered.</summary>
    private protected async Task<VirtualRow> MeasureAsync(VirtualStage stage, AddressClient client, int run, Func<Task> happen, VirtualNode to, bool hasDied = false)
    {
        TimeSpan at = VirtualSite.Now;
        Task happening = happen();
        AddressCall? first = await KnownAsync(() => client.AnswerAsync(to, at));
        await happening;
        if (!hasDied && first is not null)
        {
            await stage.Site.HeldByAsync(to);
        }

        return Row(stage, run, await client.ReportAsync(at, VirtualSite.Now), first?.Ended - at, hasEnded: first is not null);
    }

    /// <summary>What a client saw.</summary>
    private protected VirtualRow Row(VirtualStage stage, int run, AddressReport report, TimeSpan? switched, bool hasEnded) => new()
    {
        Fault = Name,
        Design = stage.Design.Name,
        Run = run,
        SwitchMs = Milliseconds(switched),
        GapMs = hasEnded ? Milliseconds(report.Gap) : null,
        Failed = report.Failed.Count,
        DualMs = Milliseconds(report.HeldByBoth),
    };

    /// <summary>Waits for something as long as it is worth waiting; null if it does not come.</summary>
    private protected static async Task<T?> KnownAsync<T>(Func<Task<T>> wait)
        where T : class
    {
        try
        {
            return await wait();
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Waits until apps say something, and returns how long after an instant the last did; null if one does not.</summary>
    private protected static async Task<double?> ToldAsync(IEnumerable<VirtualNode> nodes, TimeSpan since, Func<JsonElement, bool> isIt)
    {
        try
        {
            await Task.WhenAll(nodes.Select(node => node.App!.StatusAsync(isIt)));
            return Milliseconds(VirtualSite.Now - since);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private protected static double? Milliseconds(TimeSpan? time) => time is { } known ? Milliseconds(known) : null;

    private protected static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
