using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Failover.DnsSwitching;

/// <summary>One value of a name, in the one form that it has: two that mean the same are equal. For any thread.</summary>
public sealed record DnsValue
{
    private DnsValue(DnsRecordKind kind, string text) => (Kind, Text) = (kind, text);

    /// <summary>Gets what it is.</summary>
    public DnsRecordKind Kind { get; }

    /// <summary>Gets it as text: <c>192.0.2.1</c>, <c>2001:db8::1</c>, or a name in lower case without its last dot.</summary>
    public string Text { get; }

    /// <summary>Reads an address or a name.</summary>
    /// <param name="text">The address, or the name with or without its last dot.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static DnsValue Parse(string text) =>
        TryParse(text, out DnsValue? value) ? value : throw new FormatException($"'{text}' is neither an IP address nor a name of DNS.");

    /// <summary>Reads an address or a name; returns false for what is neither.</summary>
    /// <param name="text">The address, or the name with or without its last dot.</param>
    /// <param name="value">The value.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DnsValue? value)
    {
        value = null;
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            // .NET takes 10 for 0.0.0.10; a scope (fe80::1%3) means nothing to others.
            bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
            if (isV6 ? address.ScopeId == 0 && text[0] != '[' : text == address.ToString())
            {
                value = new(isV6 ? DnsRecordKind.AAAA : DnsRecordKind.A, address.ToString());
            }
        }
        else if (DnsName.TryParse(text, out string? name))
        {
            value = new(DnsRecordKind.CName, name);
        }

        return value is not null;
    }

    /// <summary>Returns kind and text: <c>A 192.0.2.1</c>.</summary>
    public override string ToString() => $"{(Kind == DnsRecordKind.CName ? "CNAME" : Kind.ToString())} {Text}";
}
