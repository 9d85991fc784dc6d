using Failover.Scenarios.Servers;
using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.TestServers.Patroni;

/// <summary>A node of a cluster: Patroni and the PostgreSQL that it runs, which ends with it when the node is killed.</summary>
public sealed class PatroniNode : LoopbackServer
{
    // Of the fixture's own look; a node that does not answer is asked again.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    private readonly PortReservation _rest = new();
    private readonly PatroniCluster _cluster;
    private readonly PatroniSecrets _secrets;

    internal PatroniNode(string name, PatroniCluster cluster, PatroniSecrets secrets)
    {
        Name = name;
        _cluster = cluster;
        _secrets = secrets;
    }

    /// <summary>Gets Patroni's name of the node.</summary>
    public string Name { get; }

    /// <summary>Gets the address, the same for all nodes.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>Gets the port of PostgreSQL.</summary>
    public int PostgreSqlPort => Port;

    /// <summary>Gets the port of Patroni's REST API.</summary>
    public int RestPort => _rest.Port;

    /// <summary>Gets where Patroni's REST API is.</summary>
    public Uri RestAddress => new($"http://{Host}:{RestPort}");

    /// <summary>Gets where Npgsql finds this node alone, as the app's user.</summary>
    public string ConnectionString => $"Host={Host};Port={Port};Username={PatroniCluster.UserName};Password={_secrets.AppPassword};Database={PatroniCluster.Database}";

    /// <summary>Gets where Npgsql finds this node alone, as a superuser in the app's database; without a pool.</summary>
    public string SuperuserConnectionString => $"Host={Host};Port={Port};Username={PatroniSecrets.Superuser};Password={_secrets.SuperuserPassword};Database={PatroniCluster.Database};Pooling=false;Timeout=5;Command Timeout=5;Application Name=fixture";

    /// <summary>Gets whether the node was frozen, and not thawed since.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Gets whether Patroni runs; PostgreSQL may do so without.</summary>
    public bool IsPatroniRunning => IsRunning && Signals.IsAlive(ProcessId);

    internal string Data => Path.Combine(Folder, "data");

    /// <inheritdoc/>
    protected override string? User => DataFolder.User;

    // It says what it does, from the first second.
    /// <inheritdoc/>
    protected override string ReadyWords => "INFO: ";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command => [RequiredServer.Locate("patroni"), Settings];

    private string Settings => Path.Combine(Folder, "patroni.yml");

    /// <summary>Stops Patroni and all processes of PostgreSQL; each of their threads has stopped when this returns. Connections are taken by the kernel, and nothing answers.</summary>
    public override void Freeze()
    {
        Signals.FreezeAll(Folder);
        IsFrozen = true;
    }

    /// <inheritdoc/>
    public override void Thaw()
    {
        Signals.ThawAll(Folder);
        IsFrozen = false;
    }

    /// <summary>Ends Patroni alone: PostgreSQL goes on as what it was, and nobody watches it.</summary>
    public void KillPatroniAlone() => Signals.KillAlone(ProcessId);

    /// <summary>Asks PostgreSQL itself what it is.</summary>
    /// <returns>Null if it does not answer.</returns>
    public async Task<NodeState?> StateAsync()
    {
        if (!IsRunning || IsFrozen)
        {
            return null;
        }

        try
        {
            return await AskAsync().WaitAsync(AnswerLimit);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _rest.Dispose();
    }

    /// <summary>Starts the node for the first time with a copy of data, or, without, to copy the primary's by itself.</summary>
    internal async Task StartAsync(DataFolder? data)
    {
        if (data is not null)
        {
            await data.CopyToAsync(Data);
        }

        await PrepareAsync();
        await StartAgainAsync();
    }

    /// <summary>Deletes what a node that was killed had.</summary>
    internal void DeleteData()
    {
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    internal string LogText() => LastLog;

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await File.WriteAllTextAsync(Settings, PatroniSettings.OfNode(this, _cluster, _secrets));
        if (User is { } user)
        {
            await RunAsync("chown", user, Folder, Settings);
        }
    }

    /// <inheritdoc/>
    protected override void Kill()
    {
        Signals.KillAll(Folder, ProcessId);
        IsFrozen = false;
    }

    private async Task<NodeState?> AskAsync()
    {
        await using NpgsqlConnection connection = new(SuperuserConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(
            """
            select not pg_is_in_recovery(),
                   case when pg_is_in_recovery() then coalesce((select received_tli from pg_stat_wal_receiver where status = 'streaming'), 0)
                        else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int end,
                   (select system_identifier from pg_control_system()),
                   (select count(*)::int from pg_stat_replication where state = 'streaming'),
                   (select count(*)::int from pg_stat_replication where state = 'streaming' and sync_state in ('sync', 'quorum'))
            """, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? new(reader.GetBoolean(0), reader.GetInt32(1), (ulong)reader.GetInt64(2), reader.GetInt32(3), reader.GetInt32(4)) : null;
    }
}
