namespace Failover.PostgreSql;

/// <summary>The work failed, and nothing of it was committed: it may be done again.</summary>
public sealed class NotExecutedException : FailoverException
{
    internal NotExecutedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets true: the same may succeed later.</summary>
    public override bool IsTransient => true;
}
