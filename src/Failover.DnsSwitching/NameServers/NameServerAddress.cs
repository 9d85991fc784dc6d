using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Failover.DnsSwitching;

/// <summary>Where a name server is asked: an address or a host name, and a port.</summary>
/// <param name="Host">The address or host name.</param>
/// <param name="Port">The port.</param>
internal sealed record NameServerAddress(string Host, int Port)
{
    internal const int DefaultPort = 53;

    internal static bool TryParse(string? text, [NotNullWhen(true)] out NameServerAddress? address)
    {
        address = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        if (DnsValue.TryParse(text, out DnsValue? alone))
        {
            address = new(alone.Text, DefaultPort);
            return true;
        }

        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon] is ['[', .. var inner, ']'] ? inner : text[..colon].Contains(':', StringComparison.Ordinal) ? "" : text[..colon];
        if (!DnsValue.TryParse(host, out DnsValue? named) || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > ushort.MaxValue)
        {
            return false;
        }

        address = new(named.Text, port);
        return true;
    }

    /// <summary>Finds its first address.</summary>
    /// <exception cref="SocketException">The host name is not known.</exception>
    internal async ValueTask<IPEndPoint> FindAsync(CancellationToken cancellationToken)
    {
        IPAddress its = IPAddress.TryParse(Host, out IPAddress? address) ? address : (await Dns.GetHostAddressesAsync(Host, cancellationToken).ConfigureAwait(false))[0];
        return new(its, Port);
    }

    public override string ToString() => Port == DefaultPort ? Host : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
