using Npgsql;

namespace Failover.TestServers.Servers;

/// <summary>A node of a database cluster: a PostgreSQL that replicates, and whatever runs it. Faults are methods.</summary>
public abstract class PostgreSqlNode : LoopbackServer
{
    /// <summary>The name of the app's user.</summary>
    public const string UserName = "app";

    /// <summary>The name of the app's database.</summary>
    public const string Database = "shop";

    // Of the fixture's own look; a node that does not answer is asked again.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    private readonly Secrets _secrets;

    private protected PostgreSqlNode(string name, Secrets secrets)
    {
        Name = name;
        _secrets = secrets;
    }

    /// <summary>Gets the name of the node.</summary>
    public string Name { get; }

    /// <summary>Gets the address, the same for all nodes.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>Gets the port of PostgreSQL.</summary>
    public int PostgreSqlPort => Port;

    /// <summary>Gets where Npgsql finds this node alone, as the app's user.</summary>
    public string ConnectionString => $"Host={Host};Port={Port};Username={UserName};Password={_secrets.AppPassword};Database={Database}";

    /// <summary>Gets where Npgsql finds this node alone, as a superuser in the app's database; without a pool.</summary>
    public string SuperuserConnectionString => $"Host={Host};Port={Port};Username={Secrets.Superuser};Password={_secrets.SuperuserPassword};Database={Database};Pooling=false;Timeout=5;Command Timeout=5;Application Name=fixture";

    /// <summary>Gets whether the node was frozen, and not thawed since.</summary>
    public bool IsFrozen { get; private set; }

    internal string Data => Path.Combine(Folder, "data");

    /// <inheritdoc/>
    protected override string? User => DataFolder.User;

    /// <summary>Stops all processes of the node; each of their threads has stopped when this returns. Connections are taken by the kernel, and nothing answers.</summary>
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

    /// <summary>Waits until the node says of itself what is asked for.</summary>
    /// <exception cref="TimeoutException">It did not within the limit.</exception>
    public async Task<NodeState> WaitAsync(Func<NodeState, bool> isSo, TimeSpan limit)
    {
        using CancellationTokenSource end = new(limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        NodeState? state = null;
        try
        {
            while ((state = await StateAsync()) is null || !isSo(state))
            {
                await look.WaitForNextTickAsync(end.Token);
            }

            return state;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} said {state?.ToString() ?? "nothing"} after {limit.TotalSeconds} s. {LastLog}");
        }
    }

    /// <summary>Runs a statement as a superuser, in the app's database.</summary>
    public async Task ExecuteAsync(string statement)
    {
        await using NpgsqlConnection connection = new(SuperuserConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(statement, connection);
        await command.ExecuteNonQueryAsync();
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
