using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Transactions;
using Failover.PostgreSql.Cutting;
using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Probing;
using Npgsql;

namespace Failover.PostgreSql.Leases;

/// <summary>Runs the statements of leases, on a connection of the pool each, and makes their table where it is missing. Safe for any thread.</summary>
/// <param name="source">Gives connections to the primary.</param>
/// <param name="name">The table, quoted.</param>
/// <param name="mayCreate">Whether it is made where it is missing.</param>
internal sealed class LeaseTable(DbDataSource source, string name, bool mayCreate)
{
    private const string NoTable = "42P01";

    private volatile LeaseStatements _statements = LeaseStatements.For(name, isAurora: false);

    /// <summary>Gets what listens for releases.</summary>
    internal string Listen => _statements.Listen;

    /// <summary>Asks, and reads the row that comes back; null stands for none.</summary>
    /// <param name="statement">Chooses the statement.</param>
    /// <param name="parameters">Makes its parameters.</param>
    /// <param name="limit">After this long nobody wants to know: then what was left behind ends, too.</param>
    /// <param name="read">Reads the row.</param>
    /// <param name="cancellationToken">Ends the wait. The server is not asked to cancel: a commit that is cancelled while it waits for a standby is told as done, and may be lost.</param>
    /// <exception cref="LeaseStoreException">The server refuses, or no node proves to be the primary.</exception>
    internal async ValueTask<T> AskAsync<T>(Func<LeaseStatements, string> statement, Func<NpgsqlParameter[]> parameters, TimeSpan limit, Func<NpgsqlDataReader?, T> read, CancellationToken cancellationToken)
    {
        // A transaction of the caller's would hold back what is told here as done.
        using TransactionScope none = new(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        int seconds = (int)Math.Ceiling(limit.TotalSeconds);
        try
        {
            return await NodeQuestion.AskAsync(OpenAsync(cancellationToken), connection => RunAsync(connection, statement, parameters, seconds, read), NodeConnections.CutAny, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (WhyNot(failure) is { } why)
        {
            throw new LeaseStoreException(why, failure);
        }
    }

    /// <summary>Opens a connection to the primary.</summary>
    internal async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        DbConnection opened = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        if (opened is NpgsqlConnection connection)
        {
            return connection;
        }

        await opened.DisposeAsync().ConfigureAwait(false);
        throw new LeaseStoreException($"the data source gives connections of type {opened.GetType().Name}, and not Npgsql's");
    }

    /// <summary>Says why there is no answer; null if the exception says so itself.</summary>
    internal string? WhyNot(Exception failure) => failure switch
    {
        PostgresException { SqlState: NoTable } => $"the table {name} is not there",
        PostgresException { SqlState: "42501" } => $"the user lacks a right (42501): it needs SELECT, INSERT and UPDATE on {name}, and EXECUTE on pg_control_system(), pg_current_wal_lsn() and pg_walfile_name(pg_lsn)",
        PostgresException refused => $"PostgreSQL refuses: {SqlStates.Say(refused.SqlState)}",
        PrimaryUnavailableException => "no node proves to be the primary",
        _ => null,
    };

    private async Task<T> RunAsync<T>(NpgsqlConnection connection, Func<LeaseStatements, string> statement, Func<NpgsqlParameter[]> parameters, int seconds, Func<NpgsqlDataReader?, T> read)
    {
        try
        {
            return await OnceAsync(connection, statement(_statements), parameters(), seconds, read).ConfigureAwait(false);
        }
        catch (PostgresException refused) when (refused.SqlState == NoTable && mayCreate)
        {
            await CreateAsync(connection, seconds).ConfigureAwait(false);
        }
        catch (PostgresException refused) when (ProbeForms.AreNeededAfter(refused.SqlState))
        {
            if (!await OnceAsync(connection, ProbeForms.IsAurora, [], seconds, static row => row!.GetBoolean(0)).ConfigureAwait(false))
            {
                throw;
            }

            _statements = LeaseStatements.For(name, isAurora: true);
        }

        return await OnceAsync(connection, statement(_statements), parameters(), seconds, read).ConfigureAwait(false);
    }

    private async Task CreateAsync(NpgsqlConnection connection, int seconds)
    {
        string create = _statements.Create;
        try
        {
            await OnceAsync<object?>(connection, create, [], seconds, static _ => null).ConfigureAwait(false);
        }
        catch (PostgresException other) when (other.SqlState is "23505" or "42P07" or "42710")
        {
            // Another host makes it at the same moment: of the table, its type or a row of the catalog, one is there first. «If not exists» does not look that far.
        }
        catch (PostgresException refused)
        {
            throw new LeaseStoreException($"the table {name} is not there, and cannot be made: {SqlStates.Say(refused.SqlState)}. Let someone who may run: {create}", refused);
        }
    }

    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "Constants, and the name of a table that was checked and is quoted.")]
    private static async Task<T> OnceAsync<T>(NpgsqlConnection connection, string statement, NpgsqlParameter[] parameters, int seconds, Func<NpgsqlDataReader?, T> read)
    {
        NpgsqlCommand command = new(statement, connection) { CommandTimeout = seconds };
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(parameters);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                T answer = read(await reader.ReadAsync().ConfigureAwait(false) ? reader : null);

                // The row comes before the commit, which may fail.
                await reader.NextResultAsync().ConfigureAwait(false);
                return answer;
            }
        }
    }
}
