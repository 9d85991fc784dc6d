using Failover.TestServers.Patroni;

namespace Failover.Scenarios.Postgres;

/// <summary>The cluster and the proxy before it, for one run after the other.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private Stage(PatroniCluster cluster, ClusterProxy proxy) => (Cluster, Proxy) = (cluster, proxy);

    internal PatroniCluster Cluster { get; private set; }

    internal ClusterProxy Proxy { get; private set; }

    internal static async Task<Stage> StartAsync()
    {
        // Over etcd's new API a primary that wakes up takes the leader's key back from its successor, in the Patroni that Debian has: then no client can do right.
        PatroniCluster cluster = await PatroniCluster.StartAsync(new() { EtcdV2 = true });
        try
        {
            return new(cluster, await ClusterProxy.StartAsync(cluster));
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Undoes what a fault has done. What cannot be mended is begun anew.</summary>
    internal async Task RestoreAsync()
    {
        try
        {
            await Cluster.RestoreAsync();
        }
        catch (TimeoutException problem)
        {
            Console.WriteLine($"A new cluster, since the old one did not come back: {problem.Message}");
            await DisposeAsync();
            Stage other = await StartAsync();
            (Cluster, Proxy) = (other.Cluster, other.Proxy);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
