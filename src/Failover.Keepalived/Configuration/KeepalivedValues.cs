using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Failover.Keepalived.Configuration;

/// <summary>What values keepalived and the app can both do with: one truth for the settings of the app, for what is rendered, and for the doctor.</summary>
internal static partial class KeepalivedValues
{
    /// <summary>With a credit of 200 on top a priority must stay below 255, which keepalived takes for the owner of the address.</summary>
    internal const int HighestPriority = 54;

    /// <summary>How far the priorities of two nodes must be apart. A credit has three values, so a node that is ready counts up to 2 less than another: with less between them it would stay level with, or below, the other one.</summary>
    internal const int LeastDistance = 3;

    /// <summary>
    /// What a node loses whose app does not answer: all that a credit can be, so that a peer with any credit is above it, and two such nodes stand as two without credit. Below 1 keepalived takes 1. Never 0, which is FAULT: a machine that stands still for a second
    /// would put both nodes there, and nobody would hold the address.
    /// </summary>
    internal const int HangWeight = -200;

    /// <summary>The kernel keeps so many characters of a program's name, and keepalived compares all of them.</summary>
    internal const int LongestProgram = 15;

    /// <summary>An IP address as it is written in a file. <see cref="IPAddress.TryParse(string, out IPAddress)"/> would also take 10, 0x7f.1, [::1]:80 and a scope.</summary>
    internal static bool TryAddress(string? text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : AddressOf6().IsMatch(text));

    /// <summary>Whether an address can be one that moves between nodes: not that of no interface, of every one, of the node itself, or of many.</summary>
    internal static bool CanMove(IPAddress address)
    {
        byte first = address.GetAddressBytes()[0];
        return !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            && (address.AddressFamily == AddressFamily.InterNetwork ? first is not 0 and < 224 : first != 0xff);
    }

    [GeneratedRegex(@"^[0-9A-Fa-f:.]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex AddressOf6();
}
