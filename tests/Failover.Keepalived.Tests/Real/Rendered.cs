using Failover.Keepalived.Configuration;
using Failover.TestServers;
using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>The configuration that users get, on the nodes of a site.</summary>
internal static class Rendered
{
    /// <summary>With adverts twice as often as by default, for there are many elections in these tests.</summary>
    internal static VirtualSiteOptions Site { get; } = Of(static options => options.AdvertInterval = TimeSpan.FromMilliseconds(100));

    internal static VirtualSiteOptions Of(Action<KeepalivedConfigOptions> configure) => new() { Configuration = node => ConfigurationOf(node, configure) };

    private static string ConfigurationOf(VirtualNode node, Action<KeepalivedConfigOptions> configure)
    {
        KeepalivedConfigOptions options = new()
        {
            NodeA = { Name = "node-a", Address = "10.213.0.1" },
            NodeB = { Name = "node-b", Address = "10.213.0.2" },
            Address = VirtualSite.Address,
            PrefixLength = 24,
            Interface = "eth0",
            AppUser = VirtualNode.User,
            CreditFile = node.CreditFile,
            Fifo = node.Fifo,
            Process = node.ProcessName,
            HangUrl = $"http://127.0.0.1:{VirtualSite.Port}/health/vrrp",
            CurlPath = RequiredServer.Locate("curl"),
        };
        configure(options);
        return new KeepalivedConfig(options).RenderFor(node.Name);
    }
}
