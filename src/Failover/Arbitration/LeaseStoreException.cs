namespace Failover;

/// <summary>A store could not do what it was asked for, or did not answer. Its message is logged and shown in health: it bears no secret.</summary>
public sealed class LeaseStoreException : Exception
{
    /// <summary>Initializes an exception.</summary>
    /// <param name="message">What is wrong, in a few words without secrets.</param>
    public LeaseStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with its cause.</summary>
    /// <param name="message">What is wrong, in a few words without secrets.</param>
    /// <param name="innerException">The cause. It is not logged.</param>
    public LeaseStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
