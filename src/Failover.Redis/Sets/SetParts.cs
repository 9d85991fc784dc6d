using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Failover.Redis.Sets;

/// <summary>What the app gives to a set, beside its settings.</summary>
internal sealed record SetParts
{
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>What the app sets up on its connections.</summary>
    internal Action<ConfigurationOptions> Configure { get; init; } = static _ => { };

    /// <summary>Who gives user and password of the nodes, asked for each new connection; null: those of the connection string.</summary>
    internal Func<CancellationToken, ValueTask<RedisCredentials?>>? Credentials { get; init; }

    /// <summary>Who gives those of the sentinels.</summary>
    internal Func<CancellationToken, ValueTask<RedisCredentials?>>? SentinelCredentials { get; init; }
}
