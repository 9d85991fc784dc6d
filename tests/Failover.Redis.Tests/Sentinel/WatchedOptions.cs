using System.Collections.Immutable;
using System.Net.Security;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>What a watched group is started with.</summary>
internal sealed record WatchedOptions
{
    internal RedisPromotion Promotion { get; init; }

    /// <summary>Gets which nodes may be found; null for what follows from the sentinels.</summary>
    internal AllowedMembers? Allowed { get; init; }

    internal ImmutableDictionary<string, string> AddressMap { get; init; } = [];

    internal Func<string, SslClientAuthenticationOptions>? Tls { get; init; }

    internal string? Password { get; init; }

    internal string? SentinelUser { get; init; }

    internal string? SentinelPassword { get; init; }

    /// <summary>Gets what a node says in place of being asked; null to ask it.</summary>
    internal Func<FailoverMember, bool?> Says { get; init; } = static _ => null;
}
