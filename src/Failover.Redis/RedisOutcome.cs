using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace Failover.Redis;

/// <summary>Tells what became of a command, from the exception that it ended with: for those who use the multiplexer directly.</summary>
public static class RedisOutcome
{
    /// <summary>Tells what became of a command.</summary>
    /// <param name="exception">What StackExchange.Redis threw. Anything else is <see cref="RedisExecution.Unknown"/>, but for the exceptions of this package.</param>
    public static RedisExecution Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            RedisNotExecutedException or MasterUnavailableException => RedisExecution.NotExecuted,
            RedisOutcomeUnknownException => RedisExecution.Unknown,

            // A command that waits with the multiplexer was never written. That of a timeout is written afterwards by no version that is allowed here.
            RedisTimeoutException { Commandstatus: CommandStatus.WaitingInBacklog or CommandStatus.WaitingToBeSent } => RedisExecution.NotExecuted,
            RedisConnectionException { CommandStatus: CommandStatus.WaitingInBacklog or CommandStatus.WaitingToBeSent } => RedisExecution.NotExecuted,
            RedisServerException or RedisException when new FaultContext(exception).NotApplied => RedisExecution.NotExecuted,
            RedisServerException => RedisExecution.Refused,
            RedisCommandException => RedisExecution.Refused,
            _ => RedisExecution.Unknown,
        };
    }
}
