using Failover.TestServers;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;

namespace Failover.Keepalived.Tests.SplitBrain;

/// <summary>A real keepalived that knows nothing of an app: it takes the address as soon as it hears nobody else.</summary>
public sealed class Router : LoopbackServer
{
    private readonly NetworkHost _host;
    private readonly string _configuration;

    private Router(NetworkHost host, string configuration) => (_host, _configuration) = (host, configuration);

    protected override string ReadyWords => "Entering MASTER STATE";

    protected override string EndSignal => "TERM";

    protected override IReadOnlyList<string> Command =>
        [.. _host.Prefix, RequiredServer.Locate("keepalived"), "--dont-fork", "--log-console", "--log-detail", "--vrrp", "-f", Path.Combine(Folder, "keepalived.conf"), "-p", Path.Combine(Folder, "main.pid"), "-r", Path.Combine(Folder, "vrrp.pid")];

    /// <summary>Starts one that is master of router 77.</summary>
    internal static Task<Router> StartAsync(NetworkHost host, int version, string interval, params string[] addresses) =>
        StartedAsync(new Router(host, $$"""
            vrrp_instance VI_1 {
              version {{version}}
              state MASTER
              interface eth0
              virtual_router_id 77
              priority 240
              advert_int {{interval}}
              virtual_ipaddress {
                {{string.Join("\n    ", addresses)}}
              }
            }

            """));

    protected override Task PrepareAsync() => File.WriteAllTextAsync(Path.Combine(Folder, "keepalived.conf"), _configuration);
}
