using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>
/// The nodes do not hear each other's adverts, and both have the address: how long it takes from then until both apps tell so, by each detector alone. Where nothing passes between the nodes on the network of the address, the peer's word on the second
/// one tells; where a firewall drops the adverts and the second network is away, packets that no firewall stands before.
/// </summary>
internal sealed class ToldPartition : VirtualFault
{
    internal static readonly IReadOnlyList<string> Detectors = ["peer", "arp", "adverts"];

    internal override string Name => "partition";

    internal override bool Moves => false;

    private protected override int RowsOfRun => Detectors.Count;

    internal override bool IsOf(VirtualDesignKind design) => design.IsOurs;

    internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => VirtualBars.Partition(rows);

    private protected override async Task PlayAsync(VirtualStage stage, int run, Action<VirtualRow> write)
    {
        VirtualSite site = stage.Site;
        await using AddressClient client = await stage.ClientAsync();
        await TellAsync(() => site.PartitionAsync(withWire: false), "peer");
        await site.HealAsync();
        await stage.SwitchBackAsync();

        await TellAsync(
            async () =>
            {
                await site.CutWireAsync();
                await Task.WhenAll(site.Nodes.Select(static node => node.DropAdvertsAsync()));
            },
            "arp", "adverts");
        await Task.WhenAll(site.Nodes.Select(static node => node.PassAdvertsAsync()));
        await site.HealAsync();
        await stage.SwitchBackAsync();

        async Task TellAsync(Func<Task> part, params string[] detectors)
        {
            TimeSpan from = VirtualSite.Now;
            await part();
            TimeSpan since = await site.HeldByBothAsync();
            double?[] told = await Task.WhenAll(detectors.Select(detector => ToldAsync(site.Nodes, since, status => Tells(status, detector))));
            AddressReport report = await client.ReportAsync(from, VirtualSite.Now);
            foreach ((string detector, double? ms) in detectors.Zip(told))
            {
                write(Row(stage, run, report, switched: null, hasEnded: true) with { ToldMs = ms, ToldBy = detector });
            }
        }
    }

    private protected override VirtualRow Lost(VirtualStage stage, int run, int index) => base.Lost(stage, run, index) with { ToldBy = Detectors[index] };

    private static bool Tells(JsonElement status, string detector)
    {
        JsonElement site = status.GetProperty("site");
        string[] words = [.. site.GetProperty("detectors").EnumerateArray().Select(static one => one.GetString()!)];
        bool isProof = Array.Exists(words, word => word.StartsWith($"{detector}: ", StringComparison.Ordinal) && (word.Contains(" is master", StringComparison.Ordinal) || word.EndsWith(" has the address too", StringComparison.Ordinal)));
        return isProof && site.GetProperty("standing").GetString() == "DualMaster";
    }
}
