namespace Failover.Http.Addresses;

/// <summary>An absolute http or https address, taken apart once: origin, and the base path that stands before the path of each request.</summary>
internal sealed class HttpAddress
{
    internal HttpAddress(Uri address)
    {
        Uri = address;
        BasePath = address.AbsolutePath.TrimEnd('/');
        Prefix = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + BasePath;
    }

    internal Uri Uri { get; }

    /// <summary>The path without its last slash: empty, or <c>/base</c>.</summary>
    internal string BasePath { get; }

    /// <summary>Origin and base path as <see cref="Uri"/> writes them, without a last slash: <c>https://host:8443/base</c>.</summary>
    internal string Prefix { get; }

    /// <summary>
    /// Whether the text of a URI stands under this address. False is no proof: the text may be written in another way (upper case, a default port). Costs no allocation and does not make the URI parse itself.
    /// </summary>
    internal bool IsPrefixOf(string uri) => uri.StartsWith(Prefix, StringComparison.Ordinal) && IsBoundary(uri, Prefix.Length);

    internal bool IsSameOrigin(Uri uri) =>
        uri.Port == Uri.Port
        && string.Equals(uri.Scheme, Uri.Scheme, StringComparison.Ordinal)
        && string.Equals(uri.IdnHost, Uri.IdnHost, StringComparison.OrdinalIgnoreCase);

    internal bool IsBaseOf(string path) => path.StartsWith(BasePath, StringComparison.Ordinal) && IsBoundary(path, BasePath.Length);

    private static bool IsBoundary(string text, int at) => text.Length == at || text[at] is '/' or '?' or '#';
}
