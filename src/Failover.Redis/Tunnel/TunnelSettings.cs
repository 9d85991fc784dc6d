using System.Net.Security;

namespace Failover.Redis.Tunnel;

/// <summary>What a tunnel is made with.</summary>
internal sealed record TunnelSettings
{
    /// <summary>What TLS is to verify for a host; null for connections in clear.</summary>
    internal Func<string, SslClientAuthenticationOptions>? Tls { get; init; }

    /// <summary>Who gives user and password, asked before each connection; null: they stand in the multiplexer's own settings.</summary>
    internal Func<CancellationToken, ValueTask<RedisCredentials?>>? Credentials { get; init; }

    /// <summary>How long commands may wait at most, beside their own time.</summary>
    internal required TimeSpan HoldLimit { get; init; }
}
