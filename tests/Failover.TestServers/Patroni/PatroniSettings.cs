using System.Text.Json;
using System.Text.Json.Nodes;

namespace Failover.TestServers.Patroni;

/// <summary>What Patroni is told: a file for each node, and what all nodes share in etcd.</summary>
internal static class PatroniSettings
{
    /// <summary>The file of a node. JSON is YAML, too.</summary>
    internal static string OfNode(PatroniNode node, PatroniCluster cluster, PatroniSecrets secrets) => new JsonObject
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
                ["superuser"] = Account(PatroniSecrets.Superuser, secrets.SuperuserPassword),
                ["replication"] = Account(PatroniSecrets.ReplicationUser, secrets.ReplicationPassword),
                ["rewind"] = Account(PatroniSecrets.Superuser, secrets.SuperuserPassword),
            },
            ["basebackup"] = new JsonObject { ["checkpoint"] = "fast" },
            ["remove_data_directory_on_rewind_failure"] = true,
            ["remove_data_directory_on_diverged_timelines"] = true,
            ["pg_hba"] = new JsonArray("host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256"),
            ["parameters"] = new JsonObject { ["unix_socket_directories"] = "", ["logging_collector"] = "off" },
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
