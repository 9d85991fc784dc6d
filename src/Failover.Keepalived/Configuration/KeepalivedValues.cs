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

    internal const string NameRule = "up to 128 letters, digits, '.', '_' and '-'";

    internal const string AddressRule = "must be the virtual IP address, which an interface of either node can have, without a prefix length, like 10.77.0.100";

    internal const string DeviceRule = "must be the name of a network interface, of up to 15 characters, like eth0";

    /// <summary>The characters of a path.</summary>
    internal const string Characters = "of letters, digits and the characters . _ - + : ,";

    /// <summary>The directory is given to the app (tmpfiles.d): it must be nobody else's.</summary>
    internal const string FileRule = $"must be the whole path of a file, without . and .. in it, in a directory of its own, which is given to the app, {Characters} like /run/failover/credit";

    /// <summary>The name of a node or of a <c>vrrp_instance</c>: what a peer can be called.</summary>
    internal static bool IsName(string? text) => text is not null && Name().IsMatch(text);

    internal static bool IsDevice(string? text) => text is not null && Device().IsMatch(text);

    internal static bool IsPath([NotNullWhen(true)] string? text) => text is not null && Path().IsMatch(text);

    /// <summary>A file that the app and keepalived share.</summary>
    internal static bool IsFile(string? text) => IsPath(text) && !SharedDirectory().IsMatch(text[..text.LastIndexOf('/')]);

    /// <summary>An address that moves between nodes.</summary>
    internal static bool TryVirtualAddress(string? text, [NotNullWhen(true)] out IPAddress? address) => TryAddress(text, out address) && CanMove(address);

    /// <summary>An IP address as it is written in a file. <see cref="IPAddress.TryParse(string, out IPAddress)"/> would also take 10, 0x7f.1, [::1]:80 and a scope.</summary>
    internal static bool TryAddress(string? text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : AddressOf6().IsMatch(text));

    /// <summary>Whether an address can be one that moves between nodes: not that of no interface, of every one, of the node itself, or of many.</summary>
    private static bool CanMove(IPAddress address)
    {
        byte first = address.GetAddressBytes()[0];
        return !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            && (address.AddressFamily == AddressFamily.InterNetwork ? first is not 0 and < 224 : first != 0xff);
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Device();

    [GeneratedRegex(@"^(?:/(?!\.\.?(?:/|\z))[A-Za-z0-9._+:,-]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Path();

    [GeneratedRegex(@"^(?:|/[^/]+|/var/[^/]+|/dev/.+|/(?:etc|usr|bin|sbin|lib|lib64|boot|root|proc|sys)/.+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex SharedDirectory();

    [GeneratedRegex(@"^[0-9A-Fa-f:.]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex AddressOf6();
}
