using StackExchange.Redis;

namespace Failover.Redis.Tests.Execution;

/// <summary>Each exception that StackExchange.Redis can end a command with, and what is told of it. What they mean is proven in <see cref="OutcomesTests"/>.</summary>
public class RedisOutcomeTests
{
    [Theory]
    [InlineData(RedisErrorKind.ReadOnly, "READONLY You can't write against a read only replica.", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.MasterDown, "MASTERDOWN Link with MASTER is down", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.Loading, "LOADING Redis is loading the dataset in memory", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.NoReplicas, "NOREPLICAS Not enough good replicas to write.", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.Misconfigured, "MISCONF Redis is configured to save RDB snapshots", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.OutOfMemory, "OOM command not allowed when used memory > 'maxmemory'.", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.Busy, "BUSY Redis is busy running a script.", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.MaxClients, "ERR max number of clients reached", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.NoAuth, "NOAUTH Authentication required.", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.ExecAbort, "EXECABORT Transaction discarded because of previous errors.", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.ClusterDown, "CLUSTERDOWN The cluster is down", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.TryAgain, "TRYAGAIN Multiple keys request during rehashing of slot", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.Moved, "MOVED 1 127.0.0.1:1", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.Ask, "ASK 1 127.0.0.1:1", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.UnknownRedirectTarget, "MOVED 1 :0", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.Unknown, "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)", RedisExecution.NotExecuted)]
    [InlineData(RedisErrorKind.WrongType, "WRONGTYPE Operation against a key holding the wrong kind of value", RedisExecution.Refused)]
    [InlineData(RedisErrorKind.NoPermission, "NOPERM this user has no permissions to run the 'set' command", RedisExecution.Refused)]
    [InlineData(RedisErrorKind.NoScript, "NOSCRIPT No matching script.", RedisExecution.Refused)]
    [InlineData(RedisErrorKind.UnknownError, "ERR user_script:1: unexpected symbol", RedisExecution.Refused)]
    [InlineData(RedisErrorKind.Unknown, "UNBLOCKEDKEY of somebody's own", RedisExecution.Refused)]
    public void What_a_server_says_no_to_for_its_own_state_was_not_executed_and_the_rest_was_refused(RedisErrorKind kind, string message, RedisExecution expected)
    {
        RedisServerException exception = new(kind, CommandFlags.None, message);

        Assert.Equal((expected, expected), (RedisOutcome.Of(exception), RedisOutcome.OfAsynchronous(exception)));
    }

    [Theory]
    [InlineData(CommandStatus.WaitingToBeSent, RedisExecution.NotExecuted, RedisExecution.NotExecuted)]
    [InlineData(CommandStatus.WaitingInBacklog, RedisExecution.Unknown, RedisExecution.NotExecuted)]
    [InlineData(CommandStatus.Sent, RedisExecution.Unknown, RedisExecution.Unknown)]
    [InlineData(CommandStatus.Unknown, RedisExecution.Unknown, RedisExecution.Unknown)]
    public void What_became_of_a_command_without_an_answer_is_told_by_how_far_it_had_come(CommandStatus status, RedisExecution expected, RedisExecution ofAsynchronous)
    {
        RedisConnectionException lost = new(ConnectionFailureType.SocketClosed, CommandFlags.None, "lost", null, status);
        RedisTimeoutException late = new(CommandFlags.None, "late", status);

        Assert.Equal((expected, expected), (RedisOutcome.Of(lost), RedisOutcome.Of(late)));
        Assert.Equal((ofAsynchronous, ofAsynchronous), (RedisOutcome.OfAsynchronous(lost), RedisOutcome.OfAsynchronous(late)));
    }

    [Fact]
    public void What_the_library_does_not_write_to_a_replica_was_not_executed_but_what_was_on_the_same_connection_may_have_been()
    {
        RedisCommandException why = new("Command cannot be issued to a replica: SET");

        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.Of(new RedisConnectionException(ConnectionFailureType.InternalFailure, CommandFlags.None, "InternalFailure", why)));
        Assert.Equal(RedisExecution.Unknown, RedisOutcome.Of(new RedisConnectionException(ConnectionFailureType.InternalFailure, CommandFlags.None, "InternalFailure", why, CommandStatus.Sent)));
        Assert.Equal(RedisExecution.Unknown, RedisOutcome.Of(new RedisConnectionException(ConnectionFailureType.ProtocolFailure, CommandFlags.None, "ProtocolFailure", why)));
        Assert.Equal(RedisExecution.Refused, RedisOutcome.Of(why));
    }

    [Fact]
    public void The_exceptions_of_this_package_say_it_themselves_and_any_other_is_unknown()
    {
        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.Of(new RedisNotExecutedException("", null)));
        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.Of(new MasterUnavailableException("", null)));
        Assert.Equal(RedisExecution.Unknown, RedisOutcome.Of(new RedisOutcomeUnknownException("", null)));
        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.Of(new ObjectDisposedException("multiplexer")));
        Assert.Equal(RedisExecution.Unknown, RedisOutcome.Of(new OperationCanceledException()));
        Assert.Equal(RedisExecution.Unknown, RedisOutcome.Of(new TimeoutException()));
        Assert.Equal(RedisExecution.Unknown, RedisOutcome.Of(new RedisException("?")));
        Assert.Throws<ArgumentNullException>(() => RedisOutcome.Of(null!));
    }
}
