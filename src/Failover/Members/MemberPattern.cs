using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Failover.Members;

/// <summary>One thing that is allowed: a host, all below a domain, or a subnet; on one port or on all.</summary>
internal sealed class MemberPattern
{
    private readonly string? _host;
    private readonly string? _domain;
    private readonly IPNetwork? _network;
    private readonly int? _port;

    private MemberPattern(string? host, string? domain, IPNetwork? network, int? port) => (_host, _domain, _network, _port) = (host, domain, network, port);

    internal static MemberPattern Exactly(string host, int? port) => new(Clean(host) ?? host, null, null, port);

    /// <summary>What is around a host: its domain, or its subnet if that is private. Null if that would be the whole world, or nothing more than the host.</summary>
    internal static MemberPattern? Around(string host, int? port)
    {
        if (Clean(host) is not { } clean)
        {
            return null;
        }

        if (IPAddress.TryParse(clean, out IPAddress? address))
        {
            return IsPrivate(address) ? new(null, null, NetworkOf(address, address.AddressFamily == AddressFamily.InterNetwork ? 24 : 64), port) : null;
        }

        // Below "com" there are strangers.
        int dot = clean.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && clean.IndexOf('.', dot + 1) > 0 ? new(null, clean[dot..], null, port) : null;
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="pattern">What was read.</param>
    /// <param name="whyNot">What is wrong with it, to be read after it: <c>must …</c>.</param>
    internal static bool TryRead(string? text, out MemberPattern? pattern, out string? whyNot)
    {
        (pattern, whyNot) = (null, "must be a host, *.domain or a subnet like 10.1.2.0/24, each with or without :port");
        if (!TrySplit(text?.Trim() ?? "", out string host, out int? port))
        {
            return false;
        }

        if (host.StartsWith('*'))
        {
            if (!host.StartsWith("*.", StringComparison.Ordinal) || Clean(host[2..]) is not { } domain || IPAddress.TryParse(domain, out _))
            {
                return false;
            }

            if (!domain.Contains('.', StringComparison.Ordinal))
            {
                whyNot = "must name a domain of two labels or more: below one there are strangers";
                return false;
            }

            pattern = new(null, $".{domain}", null, port);
        }
        else if (host.Contains('/', StringComparison.Ordinal))
        {
            string[] parts = host.Split('/');

            // "10.1.2" would be read as 10.1.0.2.
            if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out IPAddress? address) || (address.AddressFamily == AddressFamily.InterNetwork && parts[0].Count('.') != 3) || !int.TryParse(parts[1], out int bits) || bits < 0 || bits > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
            {
                return false;
            }

            if (bits < 8)
            {
                whyNot = "must be a subnet of 8 bits or more: a greater one holds strangers";
                return false;
            }

            pattern = new(null, null, NetworkOf(address, bits), port);
        }
        else if (Clean(host) is { } clean)
        {
            pattern = new(clean, null, null, port);
        }

        whyNot = pattern is null ? whyNot : null;
        return pattern is not null;
    }

    /// <summary>Whether it allows a host, as <see cref="Clean"/> gave it, on a port.</summary>
    internal bool Matches(string host, int port) =>
        (_port is not { } wanted || wanted == port)
        && (_host is not null ? string.Equals(host, _host, StringComparison.Ordinal)
            : _domain is not null ? host.Length > _domain.Length && host.EndsWith(_domain, StringComparison.Ordinal) && !IPAddress.TryParse(host, out _)
            : IPAddress.TryParse(host, out IPAddress? address) && _network!.Value.Contains(address));

    /// <summary>A host in the one way that it can be compared in; null if it is none.</summary>
    internal static string? Clean(string? host)
    {
        string text = (host ?? "").TrimEnd('.').Trim('[', ']').ToLowerInvariant();
        if (text.Contains('%', StringComparison.Ordinal))
        {
            // The zone of a link-local address: not the same on another machine.
            return null;
        }

        switch (Uri.CheckHostName(text))
        {
            case UriHostNameType.IPv4 or UriHostNameType.IPv6:
                IPAddress address = IPAddress.Parse(text);
                return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
            case UriHostNameType.Dns:
                return text;
            default:
                return null;
        }
    }

    private static bool TrySplit(string text, out string host, out int? port)
    {
        (host, port) = (text, null);
        int bracket = text.LastIndexOf(']');
        int colon = text.LastIndexOf(':');
        if (colon > bracket && (bracket > 0 || text.IndexOf(':', StringComparison.Ordinal) == colon))
        {
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int given) || given is < 1 or > 65_535)
            {
                return false;
            }

            (host, port) = (text[..colon], given);
        }

        host = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        return host.Length > 0;
    }

    private static bool IsPrivate(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return IPAddress.IsLoopback(address) || address.IsIPv6UniqueLocal
            || (bytes.Length == 4 && (bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and <= 31) || (bytes[0] == 192 && bytes[1] == 168)));
    }

    private static IPNetwork NetworkOf(IPAddress address, int bits)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(bits - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPNetwork(new IPAddress(bytes), bits);
    }
}
