using Failover.EntityFrameworkCore.Following;
using Failover.PostgreSql;
using Failover.PostgreSql.Execution;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Failover.EntityFrameworkCore.Execution;

/// <summary>The attempts at one piece of work on a context, and what to do when one has failed.</summary>
internal struct Attempts
{
    /// <summary>A node that is no primary any more may say so many times before the group has seen it; who waits for a primary does so when the connection is opened.</summary>
    private const int MostRepeats = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private readonly FollowingConnection? _connection;
    private readonly FailoverContextOptions _options;
    private readonly TrafficMark _start;
    private readonly bool _mayRepeat;
    private int _repeats;
    private int _conflicts;

    internal Attempts(FollowingConnection? connection, FailoverContextOptions options)
    {
        _connection = connection?.Source is null ? null : connection;
        _options = options;
        if (_connection is not null)
        {
            _start = _connection.Traffic.Mark();
            _mayRepeat = !_connection.IsInUse;
        }
    }

    /// <summary>Decides what a failure leads to.</summary>
    /// <returns>What to throw in its place, or how long to wait for the next attempt; neither to let it stand.</returns>
    internal Decision Decide(Exception exception)
    {
        Exception cause = ExecutionStrategy.CallOnWrappedException(exception, static inner => inner);
        if (_connection is not { } connection || !IsOf(connection, exception, cause) || cause is OutcomeUnknownException)
        {
            return default;
        }

        bool hasCommitted = connection.Traffic.MayHaveCommittedSince(_start);
        if (cause is PostgresException { SqlState: SqlStates.SerializationFailure or SqlStates.DeadlockDetected })
        {
            return _mayRepeat && !hasCommitted && _conflicts < _options.ConflictRepeats ? new Decision(Pause(_conflicts++)) : default;
        }

        // What was not executed in a part of the work says nothing of the parts before it.
        Outcome outcome = cause is NotExecutedException ? hasCommitted ? Outcome.Unknown : Outcome.NotExecuted : connection.Traffic.Judge(cause, _start);
        Decision decision = outcome switch
        {
            Outcome.Unknown => new Decision(Tell.Unknown(exception)),
            Outcome.NotExecuted when !IsOfTheCaller(cause) => Repeat(exception, connection.Traffic.IsQueriesSince(_start)),
            _ => default,
        };
        connection.Traffic.Failure = decision.Failure ?? cause;
        return decision;
    }

    /// <summary>Whether the context itself has failed, on a connection that was open, and not something else that the work has done.</summary>
    private static bool IsOf(FollowingConnection connection, Exception exception, Exception cause) =>
        ReferenceEquals(cause, connection.Traffic.Failure)
        || (cause is OperationCanceledException && connection.Traffic.IsCanceled)
        || (exception is DbUpdateException { Entries: [var entry, ..] } && ReferenceEquals(entry.Context, connection.Context));

    private Decision Repeat(Exception exception, bool isQueries)
    {
        if (isQueries && !_options.RepeatQueries)
        {
            return default;
        }

        return _mayRepeat && _repeats < MostRepeats ? new Decision(Pause(_repeats++)) : new Decision(exception as NotExecutedException ?? Tell.NotExecuted(exception));
    }

    private static TimeSpan Pause(int before) => FirstPause * (1 << before);

    /// <summary>Whether the caller's own limit ended it: who set it waits no longer.</summary>
    private static bool IsOfTheCaller(Exception cause) => cause is OperationCanceledException or NpgsqlException { InnerException: TimeoutException };
}

/// <summary>What a failure leads to.</summary>
internal readonly struct Decision
{
    internal Decision(TimeSpan pause) => Pause = pause;

    internal Decision(FailoverException failure) => Failure = failure;

    /// <summary>Gets how long to wait before the next attempt; null if there is none.</summary>
    internal TimeSpan? Pause { get; }

    /// <summary>Gets what to throw; null to let what was thrown stand.</summary>
    internal FailoverException? Failure { get; }

}
