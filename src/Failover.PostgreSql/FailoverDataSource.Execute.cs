using Failover.PostgreSql.Execution;
using Npgsql;

namespace Failover.PostgreSql;

/// <content>Work that is told for certain what became of it.</content>
public sealed partial class FailoverDataSource
{
    private readonly Executor _executor;

    /// <summary>
    /// Does work on a connection to the primary. What a failover does to it ends in one of three exceptions: <see cref="NotExecutedException"/> (nothing was committed: it may be done again), <see cref="OutcomeUnknownException"/> (look first),
    /// <see cref="PrimaryUnavailableException"/> (nothing was sent). What the server says no to for reasons of its own, a constraint for one, and what the work itself throws, comes through as it is.
    /// </summary>
    /// <param name="work">The work. It uses the connection until its task ends, and no longer; it must heed the token.</param>
    /// <param name="cancellationToken">Ends the work. Nobody is held longer than 100 milliseconds after it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled, and nothing was committed.</exception>
    public Task ExecuteAsync(Func<NpgsqlConnection, CancellationToken, Task> work, CancellationToken cancellationToken) => ExecuteAsync(work, ExecuteOptions.Default, cancellationToken);

    /// <param name="work">The work. It uses the connection until its task ends, and no longer; it must heed the token.</param>
    /// <param name="options">How it is to be done.</param>
    /// <param name="cancellationToken">Ends the work. Nobody is held longer than 100 milliseconds after it.</param>
    /// <inheritdoc cref="ExecuteAsync(Func{NpgsqlConnection, CancellationToken, Task}, CancellationToken)" path="/summary|/exception"/>
    public Task ExecuteAsync(Func<NpgsqlConnection, CancellationToken, Task> work, ExecuteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(options);
        return _executor.RunAsync(
            async (connection, _, token) =>
            {
                await work(connection, token).ConfigureAwait(false);
                return true;
            },
            inTransaction: false,
            options,
            cancellationToken);
    }

    /// <inheritdoc cref="ExecuteAsync(Func{NpgsqlConnection, CancellationToken, Task}, CancellationToken)"/>
    public Task<T> ExecuteAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken) => ExecuteAsync(work, ExecuteOptions.Default, cancellationToken);

    /// <inheritdoc cref="ExecuteAsync(Func{NpgsqlConnection, CancellationToken, Task}, ExecuteOptions, CancellationToken)"/>
    public Task<T> ExecuteAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, ExecuteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(options);
        return _executor.RunAsync((connection, _, token) => work(connection, token), inTransaction: false, options, cancellationToken);
    }

    /// <summary>
    /// Does work in a transaction, and commits it. All that fails before the commit is sent was not executed; only a connection that is lost while the server commits leaves the outcome unknown. The commit is never cancelled, which would put it in
    /// force on this node without its standbys: when the time is up the connection is cut.
    /// </summary>
    /// <param name="work">The work. It must not end the transaction itself.</param>
    /// <param name="options">How it is to be done.</param>
    /// <param name="cancellationToken">Ends the work. Nobody is held longer than 100 milliseconds after it.</param>
    /// <inheritdoc cref="ExecuteAsync(Func{NpgsqlConnection, CancellationToken, Task}, CancellationToken)" path="/exception"/>
    public Task ExecuteTransactionAsync(Func<NpgsqlConnection, NpgsqlTransaction, CancellationToken, Task> work, ExecuteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(options);
        return _executor.RunAsync(
            async (connection, transaction, token) =>
            {
                await work(connection, transaction!, token).ConfigureAwait(false);
                return true;
            },
            inTransaction: true,
            options,
            cancellationToken);
    }

    /// <inheritdoc cref="ExecuteTransactionAsync(Func{NpgsqlConnection, NpgsqlTransaction, CancellationToken, Task}, ExecuteOptions, CancellationToken)"/>
    public Task<T> ExecuteTransactionAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction, CancellationToken, Task<T>> work, ExecuteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(options);
        return _executor.RunAsync((connection, transaction, token) => work(connection, transaction!, token), inTransaction: true, options, cancellationToken);
    }
}
