using Npgsql;

namespace Failover.PostgreSql.Nodes;

/// <summary>Asks a node something over a connection of its pool, and never waits longer than it may: what a frozen node holds up is cut, and ends by itself.</summary>
internal static class NodeQuestion
{
    /// <param name="node">The node.</param>
    /// <param name="ask">Asks. It gets no token: Npgsql would ask the server to cancel, and a commit must not be cancelled.</param>
    /// <param name="limit">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">No answer came in time.</exception>
    /// <exception cref="NpgsqlException">The node cannot be reached, or refuses.</exception>
    internal static Task<T> AskAsync<T>(Node node, Func<NpgsqlConnection, Task<T>> ask, CancellationToken limit) =>
        AskAsync(node.Source.OpenConnectionAsync(limit).AsTask(), ask, connection => node.Connections.Cut(connection), limit);

    /// <param name="opening">Opens the connection.</param>
    /// <param name="ask">Asks, without a token.</param>
    /// <param name="cut">Ends what holds up the connection, where it can.</param>
    /// <param name="limit">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">No answer came in time.</exception>
    internal static async Task<T> AskAsync<T>(Task<NpgsqlConnection> opening, Func<NpgsqlConnection, Task<T>> ask, Action<NpgsqlConnection> cut, CancellationToken limit)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await opening.WaitAsync(limit).ConfigureAwait(false);
        }
        catch
        {
            _ = EndAsync(opening);
            throw;
        }

        Task<T> asked = ask(connection);
        try
        {
            return await asked.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!asked.IsCompleted)
        {
            cut(connection);
            throw;
        }
        finally
        {
            Task ended = EndAsync(connection, asked);
            if (asked.IsCompleted)
            {
                await ended.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task EndAsync(Task<NpgsqlConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (opening.IsCompletedSuccessfully)
        {
            await EndAsync(opening.Result, Task.CompletedTask).ConfigureAwait(false);
        }
    }

    private static async Task EndAsync(NpgsqlConnection connection, Task asked)
    {
        await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a broken connection says when it ends.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
