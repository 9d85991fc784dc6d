using System.Collections.Immutable;

namespace Failover.Http.Addresses;

/// <summary>
/// Tells which requests belong to a group, and what they are called at one of its members. A request belongs to the group if its origin is a member's or that of one of the client's base addresses; the
/// base path of the address that it was written for gives way to the member's own. Immutable.
/// </summary>
internal sealed class AddressMap
{
    /// <summary>The longest first: of <c>https://gateway/a</c> and <c>https://gateway</c> the first one that fits is the closest.</summary>
    private readonly ImmutableArray<HttpAddress> _sources;

    internal AddressMap(IEnumerable<HttpAddress> members, IEnumerable<HttpAddress> baseAddresses)
    {
        List<HttpAddress> sources = [.. members];
        int count = sources.Count;

        // A base address at a member's own origin says where in that member the client works, not what the group is called: the member's entry covers it.
        sources.AddRange(baseAddresses.Where(address => !sources.Take(count).Any(member => member.IsSameOrigin(address.Uri))));
        _sources = [.. sources.OrderByDescending(source => source.Prefix.Length)];
    }

    /// <summary>Whether a URI that starts with the address's prefix can only mean that address.</summary>
    internal bool IsUnambiguous(HttpAddress address) => !_sources.Any(source => source != address && source.Prefix.Length > address.Prefix.Length && address.IsPrefixOf(source.Prefix));

    /// <summary>Returns what <paramref name="requested"/> is called at <paramref name="target"/>: the same instance if it names it already, and null if it does not belong to the group.</summary>
    internal Uri? Map(Uri requested, HttpAddress target)
    {
        if (!requested.IsAbsoluteUri)
        {
            return null;
        }

        string text = requested.OriginalString;
        foreach (HttpAddress source in _sources)
        {
            if (source.IsPrefixOf(text))
            {
                return string.Equals(source.Prefix, target.Prefix, StringComparison.Ordinal)
                    ? requested
                    : new Uri(string.Concat(target.Prefix, text.AsSpan(source.Prefix.Length)), UriKind.Absolute);
            }
        }

        return MapParsed(requested, target);
    }

    /// <summary>
    /// Returns the address that was probably meant by a request that does not belong to the group: one of the same host, or of the same port where that port is of somebody's choosing; null if none looks like it.
    /// </summary>
    internal HttpAddress? NearMiss(Uri requested) => !requested.IsAbsoluteUri ? null
        : _sources.FirstOrDefault(source => source.IsSameHost(requested)) ?? _sources.FirstOrDefault(source => source.IsSamePort(requested));

    /// <summary>For a URI that is not written as <see cref="Uri"/> would write it, or lies outside the base path.</summary>
    private Uri? MapParsed(Uri requested, HttpAddress target)
    {
        bool isOurs = false;
        foreach (HttpAddress source in _sources)
        {
            if (!source.IsSameOrigin(requested))
            {
                continue;
            }

            isOurs = true;
            if (source.IsBaseOf(requested.AbsolutePath))
            {
                return string.Equals(source.Prefix, target.Prefix, StringComparison.Ordinal) ? requested : Rewrite(requested, target, target.BasePath, source.BasePath.Length);
            }
        }

        // Outside every base path: only the origin changes.
        return !isOurs ? null
            : target.IsSameOrigin(requested) ? requested
            : Rewrite(requested, target, "", 0);
    }

    private static Uri Rewrite(Uri requested, HttpAddress target, string basePath, int skip)
    {
        string rest = requested.GetComponents(UriComponents.PathAndQuery | UriComponents.Fragment, UriFormat.UriEscaped);
        string origin = target.Prefix[..^target.BasePath.Length];
        return new Uri(string.Concat(origin, basePath, rest.AsSpan(skip)), UriKind.Absolute);
    }
}
