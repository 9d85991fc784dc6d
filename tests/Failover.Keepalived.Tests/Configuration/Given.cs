using Failover.Keepalived.Configuration;

namespace Failover.Keepalived.Tests.Configuration;

/// <summary>Settings of two nodes as most tests begin with.</summary>
internal static class Given
{
    internal static KeepalivedConfigOptions Options() => new()
    {
        NodeA = { Name = "node-a" },
        NodeB = { Name = "node-b" },
        Address = "10.77.0.100",
        PrefixLength = 24,
        Interface = "eth0",
        AppUser = "app",
    };

    internal static KeepalivedConfigOptions EverythingOptions()
    {
        KeepalivedConfigOptions options = Options();
        options.NodeA.Address = "10.77.0.1";
        options.NodeB.Address = "10.77.0.2";
        options.Unicast = true;
        options.Process = "/usr/bin/dotnet /srv/shop/Shop.Api.dll";
        options.HangUrl = "http://127.0.0.1:8080/health/live?from=keepalived&x=%20";
        return options;
    }

    /// <summary>What the app is set to, where its files are those of <see cref="Options"/>.</summary>
    internal static KeepalivedOptions App() => new() { Address = "10.77.0.100", Node = "node-a", Peer = "node-b", Interface = "eth0" };
}
