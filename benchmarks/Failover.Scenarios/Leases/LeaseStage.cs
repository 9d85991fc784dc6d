using Failover.Kubernetes.Tests.ApiServer;
using Failover.TestServers;
using Failover.TestServers.Servers;

namespace Failover.Scenarios.Leases;

/// <summary>The arbiters' servers: etcd of three, PostgreSQL, and a stand-in for an API server of Kubernetes, in this process.</summary>
internal sealed class LeaseStage : IAsyncDisposable
{
    private static readonly string[] Programs = ["etcd", "etcdctl", "postgres"];

    private readonly EtcdServer[] _etcd;
    private readonly PostgreSqlServer _postgres;
    private readonly FakeApiServer _kubernetes;

    private LeaseStage(EtcdServer[] etcd, PostgreSqlServer postgres, FakeApiServer kubernetes) => (_etcd, _postgres, _kubernetes) = (etcd, postgres, kubernetes);

    /// <summary>Gets what is missing here; empty if nothing is.</summary>
    internal static IReadOnlyList<string> Missing => [.. Programs.Where(static program => RequiredServer.Find(program) is null)];

    internal static async Task<LeaseStage> StartAsync()
    {
        EtcdServer[] etcd = await EtcdServer.StartClusterAsync(3);
        return new(etcd, await PostgreSqlServer.StartAsync(), await FakeApiServer.StartAsync(TimeProvider.System));
    }

    /// <summary>Where a client finds its arbiter.</summary>
    internal string ServerOf(LeaseClientKind client) => client.Arbiter switch
    {
        "etcd" => string.Join(',', _etcd.Select(static member => member.Address)),
        "postgresql" => _postgres.ConnectionString,
        _ => new Uri(_kubernetes.Address, FakeApiServer.Pod).AbsoluteUri,
    };

    internal void Freeze()
    {
        Array.ForEach(_etcd, static member => member.Freeze());
        _postgres.Freeze();
        _kubernetes.Interfere = static _ => new Interference.Hang();
    }

    internal void Thaw()
    {
        Array.ForEach(_etcd, static member => member.Thaw());
        _postgres.Thaw();
        _kubernetes.Interfere = static _ => null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EtcdServer member in _etcd)
        {
            await member.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        await _kubernetes.DisposeAsync();
    }
}
