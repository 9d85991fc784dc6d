using System.Diagnostics.CodeAnalysis;

namespace Failover.DnsSwitching;

/// <summary>Names of DNS, in the one form in which they are kept here: lower case, without the last dot.</summary>
internal static class DnsName
{
    private const int LongestLabel = 63;

    /// <summary>253 characters are 255 bytes in a message: a length before each label, and a last one of 0.</summary>
    private const int Longest = 253;

    /// <summary>Reads a name of hosts and services: letters, digits, '-' and '_' in labels, and «*» as the first one.</summary>
    internal static bool TryParse(string? text, [NotNullWhen(true)] out string? name)
    {
        name = null;
        string bare = text is [.., '.'] ? text[..^1] : text ?? "";
        if (bare.Length is 0 or > Longest || !bare.Split('.').Select(static (label, at) => IsLabel(label, at)).All(static good => good))
        {
            return false;
        }

        // A last label of digits is an address with a mistake in it, never a name (RFC 1123 section 2.1).
        if (bare[(bare.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit))
        {
            return false;
        }

        name = bare.ToLowerInvariant();
        return true;
    }

    /// <summary>Tells whether a name is the zone's own, or below it.</summary>
    internal static bool IsWithin(string name, string zone) =>
        name == zone || (name.EndsWith(zone, StringComparison.Ordinal) && name[^(zone.Length + 1)] == '.');

    private static bool IsLabel(string label, int at) =>
        (label == "*" && at == 0) || (label.Length is > 0 and <= LongestLabel && label.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_'));
}
