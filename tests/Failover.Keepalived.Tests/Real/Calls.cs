using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>What a client that calls all the time may see when the address moves.</summary>
internal static class Calls
{
    /// <summary>A call that is under way when the address moves cannot move with it: the new holder does not know its connection. Who calls from then on is answered.</summary>
    internal static async Task UnderWayOnlyAsync(VirtualSite site, AddressClient client, TimeSpan from)
    {
        AddressReport report = await client.ReportAsync(from, VirtualSite.Now);
        AddressCall[] firsts = [.. FirstOfEachHolder(client.Calls.Where(static call => call.Node is { Length: > 0 }).OrderBy(static call => call.Begun))];
        AddressCall[] others = [.. report.Failed.Where(call => !firsts.Any(first => call.Begun <= first.Ended && first.Begun - call.Begun < TimeSpan.FromSeconds(1)))];
        Assert.True(others.Length == 0, $"{others.Length} calls failed that were not under way at a move, like {string.Join(", ", others.Take(3))}; moves: {string.Join(", ", firsts.Select(static first => $"{first.Node} at {first.Begun}"))}\n{site.Told()}");
    }

    private static IEnumerable<AddressCall> FirstOfEachHolder(IEnumerable<AddressCall> calls)
    {
        AddressCall? before = null;
        foreach (AddressCall call in calls)
        {
            if (before is not null && before.Node != call.Node)
            {
                yield return call;
            }

            before = call;
        }
    }
}
