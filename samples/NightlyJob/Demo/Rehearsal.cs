using Failover.TestServers.Contending;
using Failover.TestServers.Servers;

namespace NightlyJob.Demo;

/// <summary>Sets the scene: an etcd of three, two servers, and the ledger.</summary>
internal static class Rehearsal
{
    internal static async Task<int> RunAsync(string[] args)
    {
        if (args is not [])
        {
            Console.Error.WriteLine($"'{string.Join(' ', args)}' is not understood. Usage: NightlyJob");
            return 2;
        }

        if (NeededPrograms.WhatIsMissing() is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 2;
        }

        Console.WriteLine("etcd starts: three members.");
        EtcdServer[] etcd = await EtcdServer.StartClusterAsync(3);
        try
        {
            await using ActedOn ledger = new();
            await using Server a = new("a", etcd, ledger);
            await using Server b = new("b", etcd, ledger);
            return await new Story(ledger, a, b).PlayAsync() ? 0 : 1;
        }
        finally
        {
            await Task.WhenAll(etcd.Select(static member => member.DisposeAsync().AsTask()));
        }
    }
}
