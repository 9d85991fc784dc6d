using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>Reads addresses that sentinels name, in the one way that they can be compared in.</summary>
internal static class Announced
{
    /// <summary>Reads an address; null if it is none, or one that is not the same on another machine.</summary>
    internal static HostAndPort? Read(string? host, string? port) =>
        host is { Length: <= 255 } && HostAndPort.TryMake(AllowedMembers.CleanHost(host), port, out HostAndPort address) ? address : null;
}
