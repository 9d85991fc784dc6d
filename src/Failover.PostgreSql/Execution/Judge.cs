using System.Net.Sockets;
using Failover.PostgreSql.Cutting;
using Npgsql;

namespace Failover.PostgreSql.Execution;

/// <summary>What a failure says of the work that it ended.</summary>
internal enum Outcome
{
    /// <summary>No failover: the server, or the caller's own code, said no. The exception is the caller's.</summary>
    Theirs,

    /// <summary>Nothing was committed.</summary>
    NotExecuted,

    /// <summary>Something may have been committed, or was.</summary>
    Unknown,
}

/// <summary>What a connection's traffic showed when work on it failed. <see cref="Nothing"/> where it is not seen.</summary>
/// <param name="IsKnown">Whether the traffic was seen and understood.</param>
/// <param name="WasSent">Whether anything was handed to the socket.</param>
/// <param name="MayHaveCommitted">Whether something was done outside of a transaction, or a transaction was committed.</param>
/// <param name="IsInTransaction">Whether what is going on stands in a transaction.</param>
/// <param name="IsInFlight">Whether the server owes an answer.</param>
/// <param name="IsCommitInFlight">Whether it owes one to a COMMIT.</param>
internal readonly record struct Traffic(bool IsKnown, bool WasSent, bool MayHaveCommitted, bool IsInTransaction, bool IsInFlight, bool IsCommitInFlight)
{
    internal static readonly Traffic Nothing;

    /// <summary>Reads what has gone over a connection since the work got it.</summary>
    internal static Traffic Of(ConnectionTrace? trace, long mark, long commits) => trace is null ? Nothing : new(
        !trace.IsLost,
        trace.WroteSince(mark),
        trace.Commits != commits,
        trace.IsInTransaction,
        trace.IsInFlight,
        trace.IsCommitInFlight);
}

/// <summary>Judges what became of work that failed: pure. In doubt it is unknown.</summary>
internal static class Judge
{
    internal static Outcome Of(Exception exception, Traffic traffic) => exception switch
    {
        OutcomeUnknownException => Outcome.Theirs,

        // Of other work within this one: that it was not done says nothing of what was done around it.
        FailoverException => Undone(traffic, byRefusal: false) == Outcome.Unknown ? Outcome.Unknown : Outcome.Theirs,

        // The server's own word. One that ends the session may come while it commits: then it says nothing of that.
        PostgresException refused when SqlStates.IsOfTheNode(refused.SqlState) => Undone(traffic, byRefusal: true),
        PostgresException => Outcome.Theirs,
        OperationCanceledException { InnerException: PostgresException { SqlState: SqlStates.QueryCanceled } } => Undone(traffic, byRefusal: true),
        OperationCanceledException => Undone(traffic, byRefusal: false),
        NpgsqlException or NodeLeftException or ConnectionCutException or SocketException or IOException or ObjectDisposedException => Undone(traffic, byRefusal: false),
        _ => Outcome.Theirs,
    };

    /// <param name="traffic">What was seen.</param>
    /// <param name="byRefusal">Whether the server said that what it was asked for last is not done.</param>
    private static Outcome Undone(Traffic traffic, bool byRefusal)
    {
        if (!traffic.IsKnown || traffic.IsCommitInFlight || traffic.MayHaveCommitted)
        {
            return Outcome.Unknown;
        }

        return !traffic.WasSent || traffic.IsInTransaction || byRefusal || !traffic.IsInFlight ? Outcome.NotExecuted : Outcome.Unknown;
    }
}
