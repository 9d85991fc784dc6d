using Failover.TestServers;
using Failover.TestServers.Patroni;
using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.Scenarios.Postgres;

/// <summary>A real HAProxy before a cluster: it asks each Patroni five times a second whether its node is the primary, believes one answer, and closes what is open to a node that is not any more.</summary>
internal sealed class ClusterProxy : LoopbackServer
{
    private readonly PatroniCluster _cluster;

    private ClusterProxy(PatroniCluster cluster) => _cluster = cluster;

    /// <summary>Where Npgsql finds the primary through it.</summary>
    internal string ConnectionString => new NpgsqlConnectionStringBuilder(_cluster.Nodes[0].ConnectionString) { Port = Port }.ConnectionString;

    // Once it says so of a standby it has asked.
    protected override string ReadyWords => "is DOWN";

    protected override IReadOnlyList<string> Command => [RequiredServer.Locate("haproxy"), "-db", "-f", Settings];

    private string Settings => Path.Combine(Folder, "haproxy.cfg");

    internal static Task<ClusterProxy> StartAsync(PatroniCluster cluster) => StartedAsync(new ClusterProxy(cluster));

    protected override Task PrepareAsync() => File.WriteAllTextAsync(Settings, $"""
        defaults
          mode tcp
          timeout connect 1s
          timeout client 1h
          timeout server 1h
          timeout check 1s
        listen primary
          bind 127.0.0.1:{Port}
          option httpchk OPTIONS /primary
          http-check expect status 200
          default-server inter 200ms fall 1 rise 1 on-marked-down shutdown-sessions
        {string.Join('\n', _cluster.Nodes.Select(static node => $"  server {node.Name} {node.Host}:{node.PostgreSqlPort} check port {node.RestPort}"))}

        """);
}
