using System.Data.Common;

namespace Failover.PostgreSql;

/// <summary>What a call through a <see cref="FailoverDataSource"/> ends with when a failover is in its way. One of three: <see cref="PrimaryUnavailableException"/>, <see cref="NotExecutedException"/>, <see cref="OutcomeUnknownException"/>.</summary>
public abstract class FailoverException : DbException
{
    private protected FailoverException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the error code that the server gave, if it gave one.</summary>
    public override string? SqlState => (InnerException as DbException)?.SqlState;
}
