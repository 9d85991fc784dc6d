using Failover.TestServers.Virtual;

namespace VirtualIp.Demo;

/// <summary>Sets the scene: two nodes with keepalived and the app, and a client.</summary>
internal static class Rehearsal
{
    internal static async Task<int> RunAsync(string[] args)
    {
        if (args is not [])
        {
            Console.Error.WriteLine($"'{string.Join(' ', args)}' is not understood. Usage: VirtualIp");
            return 2;
        }

        if (NeededPrograms.WhatIsMissing() is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 2;
        }

        Console.WriteLine("Two nodes and a client get networks of their own; keepalived starts on both nodes.");
        await using VirtualSite site = await Site.StartAsync();
        Screen screen = new();
        await using Node a = new(screen, site, site.A);
        await using Node b = new(screen, site, site.B);
        return await new Story(screen, site, a, b).PlayAsync() ? 0 : 1;
    }
}
