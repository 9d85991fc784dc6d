using Failover.TestServers;
using Failover.TestServers.Servers;

namespace Failover.Etcd.Tests.Servers;

public class EtcdServerTests
{
    [ServerFact("etcd", "etcdctl")]
    public async Task A_cluster_of_three_serves_what_was_written_through_any_of_them_after_one_has_died()
    {
        EtcdServer[] cluster = await EtcdServer.StartClusterAsync(3);
        await using EtcdServer first = cluster[0], second = cluster[1], third = cluster[2];
        await first.ControlAsync("put", "/service/shop/leader", "pg-a");
        await first.KillAsync();

        Assert.Contains("pg-a", await second.ControlAsync("get", "/service/shop/leader"));
        Assert.Contains("pg-a", await third.ControlAsync("get", "/service/shop/leader"));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_server_keeps_its_keys_and_its_port_when_it_is_started_again()
    {
        await using EtcdServer server = await EtcdServer.StartWithTlsAsync();
        await server.ControlAsync("put", "/service/shop/leader", "pg-a");
        await server.KillAsync();
        await server.StartAgainAsync();

        Assert.Contains("pg-a", await server.ControlAsync("get", "/service/shop/leader"));
    }
}
