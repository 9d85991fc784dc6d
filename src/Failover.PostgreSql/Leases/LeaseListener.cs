using System.Data;
using Npgsql;

namespace Failover.PostgreSql.Leases;

/// <summary>Hears of releases, over one connection that all who wait share. It is made when the first waits, kept between waits, and made anew now and then, and after it broke. Safe for any thread.</summary>
/// <param name="open">Opens a connection to the primary.</param>
/// <param name="listen">The statement that listens; the payload is the resource.</param>
/// <param name="time">The clock.</param>
internal sealed class LeaseListener(Func<CancellationToken, Task<NpgsqlConnection>> open, string listen, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A connection that died without a word is not listened to for longer, and one that nobody needs is not kept for longer.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    /// <summary>In seconds.</summary>
    private const int StatementLimit = 5;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private Session? _session;

    /// <summary>Waits until a lease is given back, or is found to be.</summary>
    /// <param name="resource">What it is for.</param>
    /// <param name="isFree">Looks whether it was given back before this wait began. Asked once, when nothing can be missed any more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="LeaseStoreException">The connection broke: nothing is known.</exception>
    internal async Task WaitAsync(string resource, Func<ValueTask<bool>> isFree, CancellationToken cancellationToken)
    {
        Waiter waiter = new(resource);
        Session session = Join(waiter);
        try
        {
            await session.Listening.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!await isFree().ConfigureAwait(false))
            {
                await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_gate)
            {
                session.Waiters.Remove(waiter);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            running = _session?.Running ?? Task.CompletedTask;
            _ = _disposed.CancelAsync();
        }

        // On a server that does not answer it ends by itself, later.
        await running.WaitAsync(EndLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Session Join(Waiter waiter)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, typeof(PostgreSqlLeaseStore));
            if (_session is not { } session)
            {
                session = _session = new();
                using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
                session.Running = Task.Run(() => RunAsync(session));
            }

            session.Waiters.Add(waiter);
            return session;
        }
    }

    private async Task RunAsync(Session session)
    {
        Exception? failure = null;
        using CancellationTokenSource life = new(Life, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(life.Token, _disposed.Token);
        try
        {
            NpgsqlConnection connection = await open(either.Token).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                await ListenAsync(connection, session, either.Token).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever it is, who waits is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = life.IsCancellationRequested && !_disposed.IsCancellationRequested ? null : exception;
        }

        End(session, failure is null or PostgresException or PrimaryUnavailableException ? failure : new LeaseStoreException("the connection that listens for releases broke", failure));
    }

    private async Task ListenAsync(NpgsqlConnection connection, Session session, CancellationToken cancellationToken)
    {
        connection.Notification += (_, told) => Tell(session, told.Payload);
        await ExecuteAsync(connection, listen).ConfigureAwait(false);
        session.IsListening();
        try
        {
            while (true)
            {
                await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (connection.State == ConnectionState.Open)
        {
            // Its pool would keep it as it is until somebody needs it, and the server would go on telling it.
            await ExecuteAsync(connection, "UNLISTEN *").ConfigureAwait(false);
            throw;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement)
    {
#pragma warning disable CA2100 // Constants, and the name of a table that was checked and is quoted.
        NpgsqlCommand command = new(statement, connection) { CommandTimeout = StatementLimit };
#pragma warning restore CA2100
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void Tell(Session session, string resource)
    {
        lock (_gate)
        {
            foreach (Waiter waiter in session.Waiters)
            {
                if (waiter.Resource == resource)
                {
                    waiter.TrySetResult();
                }
            }
        }
    }

    /// <summary>Who waits looks anew where the session was only too old; else it is told why it ended.</summary>
    private void End(Session session, Exception? failure)
    {
        lock (_gate)
        {
            _session = null;
            session.Ended(failure);
        }
    }

    private sealed class Waiter(string resource) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal string Resource => resource;
    }

    /// <summary>One connection. What is in it is guarded by the gate.</summary>
    private sealed class Session
    {
        private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal HashSet<Waiter> Waiters { get; } = [];

        internal Task Running { get; set; } = Task.CompletedTask;

        internal Task Listening => _listening.Task;

        internal void IsListening() => _listening.TrySetResult();

        internal void Ended(Exception? failure)
        {
            foreach (TaskCompletionSource one in Waiters.Append<TaskCompletionSource>(_listening))
            {
                if (failure is null)
                {
                    one.TrySetResult();
                }
                else if (one.TrySetException(failure))
                {
                    // Nobody may be waiting for it.
                    _ = one.Task.Exception;
                }
            }
        }
    }
}
