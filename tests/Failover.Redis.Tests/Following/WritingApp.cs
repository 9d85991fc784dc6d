using System.Diagnostics;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Following;

/// <summary>An app that writes a key of its own each 10 ms over the connection of a group, and what is known of its writes afterwards.</summary>
internal sealed class WritingApp : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SentinelSet _set;
    private readonly RedisOracle _oracle;
    private readonly RowWriter _writer;

    private WritingApp(SentinelSet set, FailoverRedis redis, IConnectionMultiplexer connection)
    {
        (_set, Redis) = (set, redis);
        IDatabase database = connection.GetDatabase();
        _oracle = RedisOracle.Start(set.Nodes);

        // As many as the app would have: one that waits keeps no other from coming.
        _writer = RowWriter.Start(
            async (id, _) =>
            {
                await database.StringIncrementAsync(RedisKeys.Of(id));
                return null;
            },
            static exception => RedisOutcome.OfAsynchronous(exception) == RedisExecution.Unknown ? RowOutcome.Unknown : RowOutcome.Failed,
            tasks: 1000);
    }

    internal FailoverRedis Redis { get; }

    internal IReadOnlyList<RowAttempt> Attempts => _writer.Attempts;

    internal static async Task<WritingApp> StartAsync(SentinelSet set, Action<FailoverRedisBuilder>? configure = null, ILoggerFactory? loggers = null)
    {
        RedisNode master = await set.WaitForMasterAsync();
        await master.AskAsync("FLUSHALL");
        FailoverRedisBuilder builder = new("cache", set.ConnectionString);
        configure?.Invoke(builder);
        if (loggers is not null)
        {
            builder.UseLoggerFactory(loggers);
        }

        FailoverRedis redis = builder.Build();
        WritingApp app = new(set, redis, await redis.ConnectAsync(CancellationToken.None));
        await app.WriteAsync(100);
        return app;
    }

    /// <summary>Waits until so many more rows were acknowledged that were begun from now on.</summary>
    internal async Task WriteAsync(int rows)
    {
        long now = Stopwatch.GetTimestamp();
        for (int i = 1; i <= rows; i += 10)
        {
            int wanted = i;
            await _writer.WaitAsync(_ => _writer.Attempts.Count(attempt => attempt.Started > now && attempt.Outcome == RowOutcome.Acknowledged) >= wanted, Limit);
        }
    }

    /// <summary>Stops writing, and compares what the app was told with what the elected master has.</summary>
    /// <param name="master">Which; null for the one that most of the sentinels name.</param>
    internal async Task<AuditedWrites> AuditAsync(RedisNode? master = null)
    {
        master ??= await _set.WaitForMasterAsync();
        IReadOnlyList<RowAttempt> attempts = await _writer.StopAsync(Limit);
        return await RedisWriteAudit.ReadAsync(master, attempts, _oracle.Seen);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _oracle.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
