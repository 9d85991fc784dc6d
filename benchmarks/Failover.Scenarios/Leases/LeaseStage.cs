using Failover.TestServers;
using Failover.TestServers.Servers;

namespace Failover.Scenarios.Leases;

/// <summary>The arbiters' servers: etcd of three, and PostgreSQL.</summary>
internal sealed class LeaseStage : IAsyncDisposable
{
    private static readonly string[] Programs = ["etcd", "etcdctl", "postgres"];

    private readonly EtcdServer[] _etcd;
    private readonly PostgreSqlServer _postgres;

    private LeaseStage(EtcdServer[] etcd, PostgreSqlServer postgres) => (_etcd, _postgres) = (etcd, postgres);

    /// <summary>Gets what is missing here; empty if nothing is.</summary>
    internal static IReadOnlyList<string> Missing => [.. Programs.Where(static program => RequiredServer.Find(program) is null)];

    internal static async Task<LeaseStage> StartAsync()
    {
        EtcdServer[] etcd = await EtcdServer.StartClusterAsync(3);
        return new(etcd, await PostgreSqlServer.StartAsync());
    }

    /// <summary>Where a client finds its arbiter.</summary>
    internal string ServerOf(LeaseClientKind client) => client.Arbiter == "etcd" ? string.Join(',', _etcd.Select(static member => member.Address)) : _postgres.ConnectionString;

    internal void Freeze()
    {
        Array.ForEach(_etcd, static member => member.Freeze());
        _postgres.Freeze();
    }

    internal void Thaw()
    {
        Array.ForEach(_etcd, static member => member.Thaw());
        _postgres.Thaw();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EtcdServer member in _etcd)
        {
            await member.DisposeAsync();
        }

        await _postgres.DisposeAsync();
    }
}
