using System.Collections.Immutable;
using System.Net;

namespace Failover.DnsSwitching;

/// <summary>What one name server answers.</summary>
/// <param name="Values">The values; null if it gives no answer.</param>
/// <param name="TimeToLive">How long caches may keep them; null if there are none.</param>
/// <param name="Problem">Why it gives no answer; null if it does.</param>
internal sealed record NameServerAnswer(DnsValues? Values, TimeSpan? TimeToLive, string? Problem)
{
    /// <summary>Gets the addresses in the order of the answer, by which name servers spread load.</summary>
    internal ImmutableArray<IPAddress> InOrder { get; init; } = [];

    /// <summary>Gets whether it says nothing at all.</summary>
    internal bool IsSilent { get; init; }
}
