namespace Failover.PostgreSql;

/// <summary>No node proved to be the primary in time. Nothing was sent: what was to be done may be tried again. The message tells what is known of every node.</summary>
public sealed class PrimaryUnavailableException : FailoverException
{
    internal PrimaryUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets true: the same may succeed later.</summary>
    public override bool IsTransient => true;
}
