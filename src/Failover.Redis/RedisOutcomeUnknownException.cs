namespace Failover.Redis;

/// <summary>The connection was lost, or the time was up, while a command was on its way: it may have been executed, or not. Doing it again may do it twice; look first.</summary>
public sealed class RedisOutcomeUnknownException : FailoverRedisException
{
    internal RedisOutcomeUnknownException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
