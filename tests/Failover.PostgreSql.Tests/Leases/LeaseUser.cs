using Dapper;
using Npgsql;

namespace Failover.PostgreSql.Tests.Leases;

/// <summary>An ordinary user, who may do with the table of leases what docs/postgresql-leases.md says, and nothing else.</summary>
internal static class LeaseUser
{
    internal const string Table = "ops.leases";

    /// <summary>Gets the script that the page shows.</summary>
    internal static string Script { get; } = string.Join('\n', File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Leases", "leases.sql")).Where(static line => !line.StartsWith('#')));

    /// <summary>Makes the user and the table, and returns how to connect.</summary>
    internal static async Task<string> CreateAsync(string superuser)
    {
        string user = $"worker_{Guid.NewGuid():N}";
        await using NpgsqlConnection connection = new(superuser);
        await connection.ExecuteAsync(
            $"""
            drop schema if exists ops cascade;
            create role {user} login password '{user}';
            create schema ops;
            grant usage on schema ops to {user};
            {Script.Replace("failover_leases", Table, StringComparison.Ordinal).Replace(" TO app;", $" TO {user};", StringComparison.Ordinal)}
            """);
        return new NpgsqlConnectionStringBuilder(superuser) { Username = user, Password = user }.ConnectionString;
    }
}
