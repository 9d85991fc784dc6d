using Failover.Redis;
using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Failover.Scenarios.Redis.Clients;

/// <summary>What writes keys, and should go on when another node is the master: ours, or a peer. To write, both are an ordinary multiplexer.</summary>
/// <param name="connection">The multiplexer.</param>
/// <param name="owner">What is disposed of at the end.</param>
internal sealed class RedisClient(IConnectionMultiplexer connection, IAsyncDisposable owner) : IAsyncDisposable
{
    /// <summary>The group of ours; null for a peer.</summary>
    internal FailoverGroup? Group { get; init; }

    /// <summary>The health checks of the app that has ours; null for a peer.</summary>
    internal HealthCheckService? Checks { get; init; }

    internal IDatabase Database { get; } = connection.GetDatabase();

    /// <summary>Writes a row, so that it can be seen if it is written twice. Which node took it is not told.</summary>
    internal async Task<int?> WriteAsync(long id)
    {
        await Database.StringIncrementAsync(RedisKeys.Of(id));
        return null;
    }

    /// <summary>What an exception says of the row: the same for all, since ours throws none of its own here, and all of them write by an asynchronous method.</summary>
    internal static RowOutcome OutcomeOf(Exception exception) => RedisOutcome.OfAsynchronous(exception) == RedisExecution.Unknown ? RowOutcome.Unknown : RowOutcome.Failed;

    public ValueTask DisposeAsync() => owner.DisposeAsync();
}
