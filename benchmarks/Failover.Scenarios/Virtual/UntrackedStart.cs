using Failover.Scenarios.Faults;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>The app of the preferred node is started anew, where keepalived counts no credit of it: how long it takes, from when the app answers, until it tells. The other node has the address all the time.</summary>
/// <param name="name">The name.</param>
/// <param name="isWithoutFolder">Whether keepalived was started before the directory was there that it is to watch; else the app writes to another file in it.</param>
internal sealed class UntrackedStart(string name, bool isWithoutFolder) : VirtualFault
{
    internal override string Name => name;

    internal override bool Moves => false;

    internal override bool IsOf(VirtualDesignKind design) => design.IsOurs;

    internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => VirtualBars.Silent(rows);

    private protected override async Task PlayAsync(VirtualStage stage, int run, Action<VirtualRow> write)
    {
        VirtualNode node = stage.Site.A;
        await using AddressClient client = await stage.ClientAsync();
        TimeSpan from = VirtualSite.Now;
        await node.EndAppAsync();
        if (isWithoutFolder)
        {
            await node.Keepalived.StopAsync();
            node.RemoveRunFolder();
            await node.StartKeepalivedAsync();
            await node.RestoreRunFolderAsync();
        }

        await stage.Site.HeldByAsync(stage.Site.B);
        await stage.StartAgainAsync(creditFile: isWithoutFolder ? node.CreditFile : $"{node.CreditFile}s");
        double? told = await ToldAsync([node], VirtualSite.Now, UntrackedCredit.IsTold);
        AddressReport report = await client.ReportAsync(from, VirtualSite.Now);
        write(Row(stage, run, report, switched: null, hasEnded: true) with { ToldMs = told, ToldBy = UntrackedCredit.Detector });
        if (isWithoutFolder)
        {
            await node.Keepalived.StopAsync();
            await node.StartKeepalivedAsync();
        }

        await stage.StartAgainAsync();
        await stage.SwitchBackAsync();
    }

    private protected override VirtualRow Lost(VirtualStage stage, int run, int index) => base.Lost(stage, run, index) with { ToldBy = UntrackedCredit.Detector };
}
