using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>What a client that calls all the time may see when the address moves.</summary>
internal static class Calls
{
    /// <summary>No call fails from an instant on but what was under way when the address moved, as the kernels say.</summary>
    internal static async Task UnderWayOnlyAsync(VirtualSite site, AddressClient client, TimeSpan from)
    {
        AddressReport report = await client.ReportAsync(from, VirtualSite.Now);
        IReadOnlyList<AddressCall> others = report.FailedWithoutMove(isFault: false);
        Assert.True(others.Count == 0, $"{others.Count} calls failed that were not under way at a move, like {string.Join(", ", others.Take(3))}; moves: {string.Join(", ", report.Moves)}\n{site.Told()}");
    }
}
