using StackExchange.Redis;

namespace Failover.Redis;

/// <summary>Tells what became of a command, from the exception that it ended with: for those who use the multiplexer directly. In doubt it is <see cref="RedisExecution.Unknown"/>.</summary>
public static class RedisOutcome
{
    /// <summary>Tells what became of a command of any kind of method.</summary>
    /// <param name="exception">What StackExchange.Redis, or this package, threw. Anything else is <see cref="RedisExecution.Unknown"/>.</param>
    public static RedisExecution Of(Exception exception) => Of(exception, isAsynchronous: false);

    /// <summary>
    /// Tells what became of a command of an asynchronous method, as <see cref="Of(Exception)"/> does, and knows one thing more: one that waited in the multiplexer's backlog until its time was up was taken out of it first, and is not executed.
    /// A synchronous method leaves it there when it throws, and it may be sent a moment later.
    /// </summary>
    /// <param name="exception">What an asynchronous method threw.</param>
    public static RedisExecution OfAsynchronous(Exception exception) => Of(exception, isAsynchronous: true);

    private static RedisExecution Of(Exception exception, bool isAsynchronous)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            RedisNotExecutedException or MasterUnavailableException => RedisExecution.NotExecuted,
            RedisServerException refused => WasNotBegun(refused) ? RedisExecution.NotExecuted : RedisExecution.Refused,
            RedisCommandException => RedisExecution.Refused,

            // The library takes its server for a replica, and says so when it comes to write: nothing was written.
            RedisConnectionException { FailureType: ConnectionFailureType.InternalFailure, CommandStatus: CommandStatus.Unknown, InnerException: RedisCommandException } => RedisExecution.NotExecuted,
            RedisConnectionException lost => Of(lost.CommandStatus, isAsynchronous),
            RedisTimeoutException late => Of(late.Commandstatus, isAsynchronous),

            // Of the multiplexer: what it has sent when it is disposed of ends with RedisConnectionException.
            ObjectDisposedException => RedisExecution.NotExecuted,
            _ => RedisExecution.Unknown,
        };
    }

    private static RedisExecution Of(CommandStatus status, bool isAsynchronous) => status switch
    {
        CommandStatus.WaitingToBeSent => RedisExecution.NotExecuted,
        CommandStatus.WaitingInBacklog when isAsynchronous => RedisExecution.NotExecuted,
        _ => RedisExecution.Unknown,
    };

    /// <summary>Whether it is an error that a server gives for its own state, before it runs anything. A script too gets it at its first write: the role does not change while it runs, and who has written gets no more <c>OOM</c>.</summary>
    private static bool WasNotBegun(RedisServerException refused) => refused.Kind switch
    {
        RedisErrorKind.ReadOnly or RedisErrorKind.MasterDown or RedisErrorKind.Loading or RedisErrorKind.NoReplicas => true,
        RedisErrorKind.Misconfigured or RedisErrorKind.OutOfMemory or RedisErrorKind.Busy or RedisErrorKind.MaxClients or RedisErrorKind.NoAuth => true,
        RedisErrorKind.ClusterDown or RedisErrorKind.TryAgain or RedisErrorKind.Moved or RedisErrorKind.Ask or RedisErrorKind.UnknownRedirectTarget => true,

        // A transaction is executed as a whole, or discarded as a whole.
        RedisErrorKind.ExecAbort => true,

        // Whoever waits (BLPOP) when a master becomes a replica; the library has no word for it.
        _ => refused.Message.StartsWith("UNBLOCKED ", StringComparison.Ordinal),
    };
}
