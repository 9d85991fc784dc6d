using System.Data;
using Failover.PostgreSql.Cutting;
using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Opening;
using Npgsql;

namespace Failover.PostgreSql.Execution;

/// <summary>Work on a connection, and what ends it: its commit, if it is done in a transaction of ours.</summary>
internal delegate Task<T> Work<T>(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken);

/// <summary>Does work on the current primary, tells for certain what became of it where that can be told, and does it again where it may. Safe for any thread.</summary>
internal sealed class Executor(Opener opener, ClusterNodes nodes, TimeProvider time, Func<OpenLimits> limits)
{
    /// <summary>What a call has after its time was up to end by itself, before it is left behind: a little more than the grace of a cancel.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(80);

    /// <summary>Before the second attempt; then twice as long each time, up to <see cref="LongestPause"/>: what a person ends again and again, or a server refuses for the work's own fault, must not become a storm.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    internal async Task<T> RunAsync<T>(Work<T> work, bool inTransaction, ExecuteOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long began = time.GetTimestamp();
        TimeSpan pause = Pause;
        using var call = new CallTime(time, options.Timeout, Late, cancellationToken);
        while (true)
        {
            FailoverException failure;
            bool isRepeatable;
            try
            {
                return await OnceAsync(work, inTransaction, options, call).ConfigureAwait(false);
            }
            catch (NotExecutedException exception)
            {
                // A command that is too slow for its own Command Timeout will be so again.
                isRepeatable = options.IsRepeatable && !call.IsOver && exception.InnerException is not NpgsqlException { InnerException: TimeoutException } && time.GetElapsedTime(began) < limits().MaxWait;
                failure = exception;
            }

            if (!isRepeatable)
            {
                throw failure;
            }

            await Task.Delay(pause, time, call.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<T> OnceAsync<T>(Work<T> work, bool inTransaction, ExecuteOptions options, CallTime call)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await opener.OpenAsync(call.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (call.IsOver)
        {
            throw call.IsCancelledByCaller ? Over(call, "", exception) : opener.NoPrimary(options.Timeout, exception) ?? Over(call, "its time was up before there was a connection to the primary", exception);
        }

        if (nodes.Find(connection) is not { } node)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new NotExecutedException("The node that the connection led to has just been removed: the work may be done again.", null);
        }

        Lease lease = new(node, connection);
        try
        {
            NpgsqlTransaction? transaction = inTransaction ? await connection.BeginTransactionAsync(options.IsolationLevel, call.Token).ConfigureAwait(false) : null;
            T result = await InTimeAsync(lease, work(connection, transaction, call.Token), call.LateToken).ConfigureAwait(false);
            if (transaction is not null)
            {
                await CommitAsync(lease, transaction, call).ConfigureAwait(false);
            }

            return result;
        }
        catch (Exception exception) when (Judge.Of(exception, lease.Traffic) is var outcome and not Outcome.Theirs)
        {
            throw outcome == Outcome.Unknown ? new OutcomeUnknownException($"The connection to {node.Member.Name} was lost, or given up, while it may have been committing: look whether it was done before it is done again.", exception)
                : call.IsOver ? Over(call, $"its time was up on {node.Member.Name}, and nothing of it was committed", exception)
                : new NotExecutedException($"{node.Member.Name} failed, refused the work, ended its session or took too long, and nothing of it was committed: it may be done again.", exception);
        }
        finally
        {
            await lease.EndAsync(call.LateToken).ConfigureAwait(false);
        }
    }

    /// <summary>A commit that is cancelled may be in force on this node and nowhere else, synchronous standbys or not: it is waited for, and when time is up the connection is cut.</summary>
    private static async Task CommitAsync(Lease lease, NpgsqlTransaction transaction, CallTime call)
    {
        if (lease.HasFailed)
        {
            throw new InvalidOperationException("The transaction has failed, and the work has kept the error to itself: the server would roll back in place of the commit.");
        }

        // Nothing is under way: there is no need to leave it unknown.
        call.Token.ThrowIfCancellationRequested();
        lease.BeginCommit();
        Task committing = transaction.CommitAsync(CancellationToken.None);
        try
        {
            await InTimeAsync(lease, Completed(committing), call.Token).ConfigureAwait(false);
        }
        catch (PostgresException refused) when (!SqlStates.IsOfTheNode(refused.SqlState))
        {
            // A constraint that is checked last, a serialization failure: rolled back.
            throw;
        }
        catch (Exception exception)
        {
            throw new OutcomeUnknownException($"The connection to {lease.Node.Member.Name} was lost, or given up, while it was committing: look whether it was done before it is done again.", exception);
        }
    }

    private static async Task<bool> Completed(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits for a call, but no longer than until the token is cancelled: then its connection is cut, and the call is left to end by that.</summary>
    private static async Task<T> InTimeAsync<T>(Lease lease, Task<T> running, CancellationToken limit)
    {
        lease.Running = running;
        try
        {
            return await running.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            lease.Cut();
            throw;
        }
    }

    private static Exception Over(CallTime call, string why, Exception exception) =>
        call.IsCancelledByCaller ? new OperationCanceledException("The caller cancelled the work.", exception, call.CallersToken) : new NotExecutedException($"The work was not done: {why}.", exception);

    /// <summary>A connection while work has it.</summary>
    private sealed class Lease
    {
        private readonly NpgsqlConnection _connection;
        private readonly ConnectionTrace? _trace;
        private readonly long _mark;
        private readonly long _commits;
        private bool _isReopened;

        internal Lease(Node node, NpgsqlConnection connection)
        {
            (Node, _connection) = (node, connection);
            _trace = node.Connections.TraceOf(connection);
            (_mark, _commits) = (_trace?.Mark ?? 0, _trace?.Commits ?? 0);
            connection.StateChange += OnStateChange;
        }

        internal Node Node { get; }

        /// <summary>Gets what was seen: nothing of use if the work has opened the connection again, which may lead over another socket by then.</summary>
        internal Traffic Traffic => _isReopened ? Traffic.Nothing : Traffic.Of(_trace, _mark, _commits);

        /// <summary>Gets whether the server has said that the transaction can only be rolled back. Npgsql takes that for a commit that went well.</summary>
        internal bool HasFailed => _trace is { Status: TransactionStatus.Failed, IsInFlight: false };

        internal Task? Running { get; set; }

        internal void BeginCommit() => Node.Connections.Guard(_connection, softCancel: false);

        internal void Cut() => Node.Connections.Cut(_connection);

        /// <summary>Gives the connection back; one that is still at work when that has ended. A transaction that is open is rolled back, which may take a node that does not answer for ever.</summary>
        internal async ValueTask EndAsync(CancellationToken limit)
        {
            if (Running is { IsCompleted: false })
            {
                _ = EndLaterAsync(Running);
                return;
            }

            Node.Connections.Guard(_connection, softCancel: true);
            ValueTask ending = _connection.DisposeAsync();
            if (ending.IsCompletedSuccessfully)
            {
                return;
            }

            Task ended = ending.AsTask();
            await ended.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ended.IsCompleted)
            {
                Node.Connections.Cut(_connection);
            }
        }

        private void OnStateChange(object sender, StateChangeEventArgs change) => _isReopened |= change.CurrentState == ConnectionState.Open;

        private async Task EndLaterAsync(Task running)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
