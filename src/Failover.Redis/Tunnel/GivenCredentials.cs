using StackExchange.Redis.Configuration;

namespace Failover.Redis.Tunnel;

/// <summary>Gives the multiplexer the user and the password that were asked for last. It reads them with each handshake; the gate asks for them just before it.</summary>
internal sealed class GivenCredentials : DefaultOptionsProvider
{
    private volatile RedisCredentials? _last;

    /// <inheritdoc/>
    public override string? User => _last?.User;

    /// <inheritdoc/>
    public override string? Password => _last?.Password;

    internal void Take(RedisCredentials? credentials) => _last = credentials;
}
