using Failover.TestServers.Servers;

namespace Failover.TestServers.Streaming;

/// <summary>A PostgreSQL that nobody watches: it is what its folder says it is, and no one fences it.</summary>
public sealed class StreamingNode : PostgreSqlNode
{
    private readonly DataFolder _data;
    private readonly string _follows;

    private StreamingNode(string name, Secrets secrets, DataFolder data, StreamingNode? follows)
        : base(name, secrets)
    {
        _data = data;
        _follows = follows is null ? "" : $"primary_conninfo = 'host={follows.Host} port={follows.Port} user={Secrets.ReplicationUser} password={secrets.ReplicationPassword} application_name={name}'";
    }

    // A standby, too, takes connections to read.
    /// <inheritdoc/>
    protected override string ReadyWords => "database system is ready to accept";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
    [
        RequiredServer.Locate("postgres"), "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "logging_collector=off", "-c", "wal_keep_size=128MB",
        "-c", "wal_retrieve_retry_interval=1s", "-c", "shared_buffers=32MB",
    ];

    internal static Task<StreamingNode> StartAsync(string name, Secrets secrets, DataFolder data, StreamingNode? follows = null) => StartedAsync(new StreamingNode(name, secrets, data, follows));

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await _data.CopyToAsync(Data);
        if (_follows.Length > 0)
        {
            await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.auto.conf"), _follows + Environment.NewLine);
            await File.WriteAllTextAsync(Path.Combine(Data, "standby.signal"), "");
        }

        if (User is { } user)
        {
            await RunAsync("chown", user, Folder);
        }
    }
}
