using Failover.Scenarios.Faults;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>The nodes were parted, and both had the address: the time after they are joined again.</summary>
internal sealed class HealedPartition : VirtualFault
{
    internal override string Name => "heal";

    internal override IEnumerable<Bar> Bars(IReadOnlyList<VirtualRow> rows) => VirtualBars.Heal(rows);

    private protected override async Task PlayAsync(VirtualStage stage, int run, Action<VirtualRow> write)
    {
        VirtualSite site = stage.Site;
        await using AddressClient client = await stage.ClientAsync();
        await site.PartitionAsync(withWire: false);
        await site.HeldByBothAsync();

        // It has told the network that the address is there: the client has to learn anew.
        await site.NeighbourIsAsync(site.B);

        // Who is heard first decides what follows: each run ends the partition at another time between two adverts.
        await Task.Delay(TimeSpan.FromMilliseconds(run * 370 % 1000));
        await site.NeighbourIsAsync(site.B);
        TimeSpan healed = VirtualSite.Now;
        await site.HealAsync();
        await site.HeldByAsync(site.A);
        AddressCall? first = await KnownAsync(() => client.AnswerAsync(site.A, VirtualSite.Now));
        AddressReport report = await client.ReportAsync(healed, first?.Ended ?? VirtualSite.Now);
        write(Row(stage, run, report, first?.Ended - healed, hasEnded: first is not null));
        await stage.SwitchBackAsync();
    }
}
