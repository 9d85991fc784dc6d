namespace Failover.PostgreSql;

/// <summary>The connection was lost while the server may have been committing: what was to be done may have been done, or not. Doing it again may do it twice; look first.</summary>
public sealed class OutcomeUnknownException : FailoverException
{
    internal OutcomeUnknownException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets false: whoever repeats what is transient would do it twice.</summary>
    public override bool IsTransient => false;
}
