using System.Collections.Immutable;
using Failover.Redis.Resp;
using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>What the sentinels are watched with.</summary>
internal sealed record SentinelWatchSettings
{
    /// <summary>Gets the name of the group, for logs.</summary>
    internal required string Group { get; init; }

    /// <summary>Gets the name that the sentinels know the master by: <c>mymaster</c>.</summary>
    internal required string ServiceName { get; init; }

    /// <summary>Gets the sentinels that the settings name.</summary>
    internal required ImmutableArray<HostAndPort> Sentinels { get; init; }

    /// <summary>Gets how sentinels are connected to.</summary>
    internal required RespAccess Access { get; init; }

    /// <summary>Gets which nodes and further sentinels may be found; asked each time.</summary>
    internal required Func<AllowedMembers> Allowed { get; init; }

    /// <summary>Gets where servers are from here that sentinels name by another address.</summary>
    internal ImmutableDictionary<string, string> AddressMap { get; init; } = [];

    /// <summary>Gets from when on a promoted node is the master.</summary>
    internal RedisPromotion Promotion { get; init; }

    /// <summary>Gets how long writers wait for a failover that was announced.</summary>
    internal TimeSpan HoldLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how long a sentinel may take for an answer: one that takes longer is silent.</summary>
    internal TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how often each sentinel is asked.</summary>
    internal TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Returns where a server is from here that sentinels name. What the settings map, they name themselves: it may be connected to.</summary>
    /// <returns>Null if it may not.</returns>
    internal HostAndPort? Reached(HostAndPort named, AllowedMembers allowed) =>
        named.In(AddressMap) ?? (allowed.Allows(named.Host, named.Port) ? named : null);
}
