using System.Text.Json;
using System.Text.Json.Nodes;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Patroni;

/// <summary>What Patroni is told: a file for each node, and what all nodes share in etcd.</summary>
internal static class PatroniSettings
{
    /// <summary>The file of a node. JSON is YAML, too.</summary>
    internal static string OfNode(PatroniNode node, PatroniCluster cluster, Secrets secrets) => new JsonObject
    {
        ["scope"] = cluster.Scope,
        ["name"] = node.Name,
        ["restapi"] = new JsonObject { ["listen"] = $"{node.Host}:{node.RestPort}", ["connect_address"] = $"{node.Host}:{node.RestPort}" },
        [cluster.Options.EtcdV2 ? "etcd" : "etcd3"] = new JsonObject { ["host"] = cluster.EtcdAddress.Authority },
        ["postgresql"] = new JsonObject
        {
            ["listen"] = $"{node.Host}:{node.PostgreSqlPort}",
            ["connect_address"] = $"{node.Host}:{node.PostgreSqlPort}",
            ["data_dir"] = node.Data,
            ["bin_dir"] = Path.GetDirectoryName(RequiredServer.Locate("pg_rewind")),
            ["pgpass"] = Path.Combine(node.Folder, "pgpass"),
            ["authentication"] = new JsonObject
            {
                ["superuser"] = Account(Secrets.Superuser, secrets.SuperuserPassword),
                ["replication"] = Account(Secrets.ReplicationUser, secrets.ReplicationPassword),
                ["rewind"] = Account(Secrets.Superuser, secrets.SuperuserPassword),
            },
            ["basebackup"] = new JsonArray(new JsonObject { ["checkpoint"] = "fast" }, "no-sync"),
            ["remove_data_directory_on_rewind_failure"] = true,
            ["remove_data_directory_on_diverged_timelines"] = true,
            ["pg_hba"] = new JsonArray(
                $"host all {Secrets.Superuser} 127.0.0.1/32 scram-sha-256",
                $"host replication {Secrets.ReplicationUser} 127.0.0.1/32 scram-sha-256",
                $"{(cluster.Options.Tls ? "hostssl" : "host")} all all 127.0.0.1/32 scram-sha-256"),
            ["parameters"] = new JsonObject
            {
                ["unix_socket_directories"] = "",
                ["logging_collector"] = "off",
                ["ssl"] = cluster.Options.Tls ? "on" : "off",
                ["ssl_cert_file"] = node.CertificateFile,
                ["ssl_key_file"] = node.KeyFile,
            },
        },
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    /// <summary>What all nodes share: a primary that is gone is followed within seconds.</summary>
    internal static string Shared(PatroniClusterOptions options) => new JsonObject
    {
        ["ttl"] = options.TimeToLive,
        ["loop_wait"] = 1,
        ["retry_timeout"] = 2,
        ["maximum_lag_on_failover"] = 16 << 20,
        ["synchronous_mode"] = options.SynchronousMode,
        ["postgresql"] = new JsonObject
        {
            ["use_pg_rewind"] = true,
            ["use_slots"] = true,
            ["parameters"] = new JsonObject
            {
                ["max_connections"] = options.MaxConnections,
                ["fsync"] = "off",
                ["wal_log_hints"] = "on",
                ["wal_keep_size"] = "128MB",
                ["wal_retrieve_retry_interval"] = "1s",
                ["shared_buffers"] = "32MB",
                ["checkpoint_completion_target"] = 0.1,
            },
        },
    }.ToJsonString();

    private static JsonObject Account(string user, string password) => new() { ["username"] = user, ["password"] = password };
}
