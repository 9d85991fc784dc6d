namespace Failover.EntityFrameworkCore;

/// <summary>What a context does by itself when a failover is in its way: <c>UseFailover(dataSource, options, …)</c>. Whatever is said here, a write of unknown outcome is never repeated.</summary>
public sealed record FailoverContextOptions
{
    internal static readonly FailoverContextOptions Default = new();

    /// <summary>
    /// Gets whether a LINQ query that failed with its node before its first row came is asked again. Say no where queries call functions of the database that write: what those did may have been committed.
    /// SQL of your own (<c>FromSql</c>, <c>SqlQuery</c>) that LINQ adds nothing to is not taken for a query, as it may be anything.
    /// </summary>
    /// <value>The default is true.</value>
    public bool RepeatQueries { get; init; } = true;

    /// <summary>Gets how often work is repeated that the server rolled back for the sake of other transactions (<c>40001</c>, <c>40P01</c>). That is no failover, so nothing is repeated unless it is asked for.</summary>
    /// <value>The default is 0; from 0 to 10.</value>
    public int ConflictRepeats
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10);
            field = value;
        }
    }
}
