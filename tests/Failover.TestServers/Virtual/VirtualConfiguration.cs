namespace Failover.TestServers.Virtual;

/// <summary>What keepalived is told by each design.</summary>
internal static class VirtualConfiguration
{
    private const string Curl = "/usr/bin/curl -sS -o /dev/null";

    internal static string Of(VirtualSiteOptions options, VirtualNode node) =>
        options.Configuration?.Invoke(node) ?? options.Design switch
        {
            VirtualDesign.Classic => Script(node, interval: 5, fall: 2),
            VirtualDesign.ScriptEachSecond => Script(node, interval: 1, fall: 1),
            _ => throw new InvalidOperationException($"What keepalived is told of our design is for {nameof(VirtualSiteOptions)}.{nameof(VirtualSiteOptions.Configuration)} to say: KeepalivedConfig makes it."),
        };

    private static string Script(VirtualNode node, int interval, int fall) => $$"""
        global_defs {
          router_id {{node.Name}}
          enable_script_security
          script_user nobody
        }
        vrrp_script check_app {
          script "{{Curl}} -f -m {{Math.Min(interval, 2)}} http://127.0.0.1:{{VirtualSite.Port}}/health/vrrp"
          interval {{interval}}
          fall {{fall}}
          rise {{fall}}
          weight -20
        }
        vrrp_instance VI_1 {
          state {{(node.IsPreferred ? "MASTER" : "BACKUP")}}
          interface eth0
          virtual_router_id 77
          priority {{(node.IsPreferred ? 100 : 90)}}
          advert_int 1
          virtual_ipaddress {
            {{VirtualSite.Address}}/24 dev eth0
          }
          track_script {
            check_app
          }
        }

        """;
}
