namespace Failover.DnsSwitching.Following;

/// <summary>What one look at a name found.</summary>
/// <param name="Addresses">The addresses; none for no answer.</param>
/// <param name="TimeToLive">How long caches may keep it; null if that is not known.</param>
/// <param name="IsFromNameServer">Whether a name server of the zone says so, and not a resolver with its caches.</param>
/// <param name="Problem">Why there are no addresses; null if there are.</param>
internal sealed record NameAnswer(AddressSet Addresses, TimeSpan? TimeToLive, bool IsFromNameServer, string? Problem)
{
    /// <summary>Gets why none of the name servers that were asked gave any answer; null if one did, or none is named.</summary>
    internal string? Silence { get; init; }
}
