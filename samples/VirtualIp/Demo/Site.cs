using Failover.Keepalived.Configuration;
using Failover.TestServers.Virtual;

namespace VirtualIp.Demo;

/// <summary>What keepalived is told.</summary>
internal static class Site
{
    internal static Task<VirtualSite> StartAsync() => VirtualSite.StartAsync(new VirtualSiteOptions { Configuration = ConfigurationOf });

    // Both nodes are on one machine here, and keepalived sees all processes of a machine: so each has files and a name of its own.
    private static string ConfigurationOf(VirtualNode node) => ConfigurationOf(node.Name, node.ProcessName, node.CreditFile, node.Fifo);

    #region docs:configuration
    private static string ConfigurationOf(string node, string process, string creditFile, string fifo)
    {
        KeepalivedConfig config = new(new KeepalivedConfigOptions
        {
            NodeA = { Name = "node-a", Priority = 50 },
            NodeB = { Name = "node-b", Priority = 40 },
            Address = "10.213.0.100",
            PrefixLength = 24,
            Interface = "eth0",
            AppUser = "nobody",
            Process = process,                                  // KeepalivedOptions.ProcessName
            HangUrl = "http://127.0.0.1:8080/health/live",      // the last resort: sees an app that hangs
            CreditFile = creditFile,                            // the default is /run/failover/credit, for the app as well
            Fifo = fifo,
        });
        return config.RenderFor(node);                          // /etc/keepalived/keepalived.conf
    }
    #endregion
}
