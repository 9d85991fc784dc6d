namespace Failover.Redis;

/// <summary>No node proved to be the master in time. Nothing was sent: what was to be done may be tried again. The message tells what is known of the sentinels and of every node.</summary>
public sealed class MasterUnavailableException : FailoverRedisException
{
    internal MasterUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
