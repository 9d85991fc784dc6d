using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>The directory that keepalived watches is removed and made again, as a unit of the app does that has it as its own: keepalived goes on, and counts no credit from then on.</summary>
internal sealed class UntrackedCredit : VirtualFault
{
    /// <summary>By what it is known.</summary>
    internal const string Detector = "keepalived";

    internal override string Name => "silent";

    internal override bool IsOf(VirtualDesignKind design) => design.IsOurs;

    internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => VirtualBars.Silent(rows);

    /// <summary>Whether an app says that its credit does not count, and why.</summary>
    internal static bool IsTold(JsonElement status) => status.GetProperty("site") is var site
        && site.GetProperty("isAcknowledged").ValueKind == JsonValueKind.False && site.GetProperty("problem").ValueKind == JsonValueKind.String;

    private protected override async Task PlayAsync(VirtualStage stage, int run, Action<VirtualRow> write)
    {
        VirtualNode node = stage.Site.A;
        await using AddressClient client = await stage.ClientAsync();
        TimeSpan from = VirtualSite.Now;
        Task<double?> told = ToldAsync([node], from, IsTold);
        VirtualRow row = await MeasureAsync(stage, client, run, Remove, stage.Site.B);
        write(row with { ToldMs = await told, ToldBy = Detector });
        await node.Keepalived.StopAsync();
        await node.StartKeepalivedAsync();
        await stage.SwitchBackAsync();

        async Task Remove()
        {
            node.RemoveRunFolder();
            await node.RestoreRunFolderAsync();
        }
    }

    private protected override VirtualRow Lost(VirtualStage stage, int run, int index) => base.Lost(stage, run, index) with { ToldBy = Detector };
}
