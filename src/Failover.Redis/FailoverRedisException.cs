namespace Failover.Redis;

/// <summary>What a call of <see cref="FailoverRedis"/> ends with when a failover is in its way. One of three: <see cref="MasterUnavailableException"/>, <see cref="RedisNotExecutedException"/>, <see cref="RedisOutcomeUnknownException"/>.</summary>
public abstract class FailoverRedisException : Exception
{
    private protected FailoverRedisException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
