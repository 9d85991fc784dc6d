namespace Failover.Redis;

/// <summary>The command that failed was not executed: it may be done again. What the work did before that command was done.</summary>
public sealed class RedisNotExecutedException : FailoverRedisException
{
    internal RedisNotExecutedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
