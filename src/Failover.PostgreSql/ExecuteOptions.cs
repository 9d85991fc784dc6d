using System.Data;

namespace Failover.PostgreSql;

/// <summary>How work is to be done: <see cref="FailoverDataSource.ExecuteAsync(Func{Npgsql.NpgsqlConnection, CancellationToken, Task}, ExecuteOptions, CancellationToken)"/>.</summary>
public sealed record ExecuteOptions
{
    internal static readonly ExecuteOptions Default = new();

    /// <summary>Gets whether the work may be called again, on the new primary, where it has failed and nothing of it can have been committed. It must then not have done elsewhere what may not be done twice.</summary>
    /// <value>The default is false.</value>
    public bool IsRepeatable { get; init; }

    /// <summary>Gets how long the whole may take: waiting for a primary, the work, its repetitions and the commit. It holds on a node that is frozen too, to 100 milliseconds.</summary>
    /// <value>The default is null: as long as the token allows, and <see cref="PostgreSqlGroupOptions.MaxWait"/> for each primary and for repeating. Not below zero; up to 24 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is outside of that range.</exception>
    public TimeSpan? Timeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? default, TimeSpan.Zero, nameof(Timeout));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value ?? default, TimeSpan.FromDays(24), nameof(Timeout));
            field = value;
        }
    }

    /// <summary>Gets how isolated the transaction is that the work is done in, where it is done in one.</summary>
    /// <value>The default is <see cref="IsolationLevel.ReadCommitted"/>.</value>
    public IsolationLevel IsolationLevel { get; init; } = IsolationLevel.ReadCommitted;
}
