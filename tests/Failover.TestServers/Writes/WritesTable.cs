using System.Data.Common;
using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.TestServers.Writes;

/// <summary>The table that writers write: each row tells the timeline that took it. A number is not unique in it, so that a row that was written twice is there twice.</summary>
public static class WritesTable
{
    /// <summary>Writes row <c>@id</c> and returns the timeline that took it, in one round trip.</summary>
    public const string Insert = "insert into writes (id) values (@id) returning timeline";

    // The timeline that PostgreSQL writes at this moment: eight hexadecimal digits before the number of the file.
    private const string Timeline = "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int";

    /// <summary>Makes the table anew, and the oracle's beside it.</summary>
    public static Task CreateAsync(PostgreSqlNode primary)
    {
        ArgumentNullException.ThrowIfNull(primary);
        return primary.ExecuteAsync(
            $"""
            drop table if exists writes, oracle;
            create table writes (id bigint not null, timeline int not null default {Timeline});
            create table oracle (node text not null, timeline int not null default {Timeline});
            alter table writes owner to {PostgreSqlNode.UserName};
            alter table oracle owner to {PostgreSqlNode.UserName};
            """);
    }

    /// <summary>Writes a row over an open connection.</summary>
    /// <returns>The timeline that took it.</returns>
    public static async Task<int?> InsertAsync(DbConnection connection, long id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = Insert;
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = "id";
        parameter.Value = id;
        command.Parameters.Add(parameter);
        return (int?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Reads all rows of a node, also of an old primary before it is rewound.</summary>
    public static async Task<IReadOnlyList<(long Id, int Timeline)>> ReadAsync(PostgreSqlNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        await using NpgsqlConnection connection = new(node.SuperuserConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("select id, timeline from writes", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<(long, int)> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetInt64(0), reader.GetInt32(1)));
        }

        return rows;
    }
}
