namespace Failover.Redis;

/// <summary>How work is to be done: <see cref="FailoverRedis.ExecuteAsync{T}(Func{StackExchange.Redis.IDatabase, CancellationToken, Task{T}}, RedisExecuteOptions, CancellationToken)"/>.</summary>
public sealed record RedisExecuteOptions
{
    internal static readonly RedisExecuteOptions Default = new();

    /// <summary>
    /// Gets whether the work may be called again, on the next master, where the command that failed was not executed. The commands that the work did before that one are then done again: for a single command, a transaction or a script.
    /// </summary>
    /// <value>The default is false.</value>
    public bool IsRepeatable { get; init; }

    /// <summary>Gets whether the work may be called again, on the next master, though it may have been executed: because it only reads, or comes to the same when it is done twice (<c>SET</c>, not <c>INCR</c>).</summary>
    /// <value>The default is false.</value>
    public bool IsIdempotent { get; init; }

    /// <summary>Gets how long the whole may take: waiting for a master, the work and its repetitions.</summary>
    /// <value>The default is null: as long as the token and the timeouts of the connection allow, and <see cref="RedisGroupOptions.MaxWait"/> for each master and for repeating. Not below zero, with which no work is begun; up to 24 days.</value>
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
}
