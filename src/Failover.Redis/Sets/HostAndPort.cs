using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Failover.Redis.Sets;

/// <summary>An address as sentinels tell it: a name or an IP address, and a port.</summary>
internal readonly record struct HostAndPort(string Host, int Port)
{
    /// <summary>Gets what a socket connects to.</summary>
    internal EndPoint EndPoint => IPAddress.TryParse(Host, out IPAddress? address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);

    /// <summary>Returns the member at an address.</summary>
    internal FailoverMember Member => new(new UriBuilder("redis", Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host, Port).Uri);

    internal static HostAndPort Of(FailoverMember member) => new(member.Address.IdnHost.Trim('[', ']'), member.Address.Port);

    /// <summary>Reads <c>host:port</c>, <c>[::1]:port</c> or, as sentinels write it, <c>::1:port</c>.</summary>
    internal static bool TryRead(string? text, out HostAndPort address)
    {
        address = default;
        int colon = text?.LastIndexOf(':') ?? -1;
        return colon > 0 && TryMake(text![..colon], text[(colon + 1)..], out address);
    }

    /// <summary>Returns where a server is reached that announces itself by this address, as the app says.</summary>
    /// <returns>Null if the app says nothing of it.</returns>
    internal HostAndPort? In(ImmutableDictionary<string, string> addressMap) => addressMap.TryGetValue(ToString(), out string? reached) && TryRead(reached, out HostAndPort address) ? address : null;

    internal static bool TryMake(string? host, string? port, out HostAndPort address)
    {
        string clean = host?.Trim('[', ']') ?? "";
        bool isOne = Uri.CheckHostName(clean) != UriHostNameType.Unknown
            & (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 65_535);
        address = isOne ? new(clean, number) : default;
        return isOne;
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}") : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
