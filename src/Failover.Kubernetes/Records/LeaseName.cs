using System.Security.Cryptography;
using System.Text;

namespace Failover.Kubernetes.Records;

/// <summary>Names of Lease objects: subdomains of RFC 1123. Any resource has one, and no two have the same.</summary>
internal static class LeaseName
{
    private const int MaxLength = 253;
    private const int MaxReadable = 60;
    private const int HashLength = 32;

    /// <summary>
    /// The name for a resource: prefix and resource where that is a valid name; else prefix, what can be read of the resource, and half of its SHA-256 in hex. What looks like a name with a hash is hashed as well: so nothing can be named like another's.
    /// </summary>
    internal static string Of(string prefix, string resource)
    {
        string plain = prefix + resource;
        if (IsValid(plain) && !EndsLikeAHash(plain))
        {
            return plain;
        }

        var readable = new StringBuilder(MaxReadable);
        foreach (char letter in resource)
        {
            if (readable.Length == MaxReadable)
            {
                break;
            }

            char lower = char.ToLowerInvariant(letter);
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower))
            {
                readable.Append(lower);
            }
            else if (readable.Length > 0 && readable[^1] != '-')
            {
                readable.Append('-');
            }
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(resource)))[..HashLength];
        string words = readable.ToString().TrimEnd('-');
        return words.Length == 0 ? $"{prefix}x-{hash}" : $"{prefix}{words}-{hash}";
    }

    /// <summary>Whether Kubernetes takes it for a name.</summary>
    internal static bool IsValid(string name)
    {
        if (name.Length > MaxLength)
        {
            return false;
        }

        foreach (Range part in name.AsSpan().Split('.'))
        {
            ReadOnlySpan<char> label = name.AsSpan(part);
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(Allowed))
            {
                return false;
            }
        }

        return true;
    }

    private static readonly System.Buffers.SearchValues<char> Allowed = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdef");

    private static bool EndsLikeAHash(string name) => name.Length > HashLength && name[^(HashLength + 1)] == '-' && !name.AsSpan(name.Length - HashLength).ContainsAnyExcept(Hex);
}
