using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.Database;

/// <summary>Opens a connection of the app's own data source, asks, and writes if it is told to. It holds one connection at most, whatever its caller does.</summary>
internal sealed class DatabaseHealthCheck(DbDataSource source, DatabaseCheckOptions options, TimeProvider time) : IHealthCheck
{
    private readonly OneAtATime _runs = new();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        _runs.RunAsync(token => LookAsync(context, token), cancellationToken);

    private async Task<HealthCheckResult> LookAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        Steps steps = new(time);
        try
        {
            steps.Begin(CheckStep.Open);
            DbConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                steps.Begin(CheckStep.Query);
                await ExecuteAsync(connection, options.Query, static (command, token) => command.ExecuteScalarAsync(token), cancellationToken).ConfigureAwait(false);
                if (options.Write is { } write)
                {
                    steps.Begin(CheckStep.Write);
                    await ExecuteAsync(connection, write, static (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken).ConfigureAwait(false);
                }

                return steps.Passed();
            }
        }
#pragma warning disable CA1031 // Providers throw what they like; each is a failure, and the step tells which.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return steps.Threw(context, exception);
        }
    }

    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "It is what the app's own code says.")]
    private static async Task ExecuteAsync<T>(DbConnection connection, string sql, Func<DbCommand, CancellationToken, Task<T>> execute, CancellationToken cancellationToken)
    {
        DbCommand command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = sql;
            await execute(command, cancellationToken).ConfigureAwait(false);
        }
    }
}
