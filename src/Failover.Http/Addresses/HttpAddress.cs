namespace Failover.Http.Addresses;

/// <summary>An absolute http or https address, taken apart once: origin, and the base path that stands before the path of each request.</summary>
internal sealed class HttpAddress
{
    internal HttpAddress(Uri address)
    {
        Uri = address;
        IsSecure = address.Scheme == Uri.UriSchemeHttps;
        BasePath = address.AbsolutePath.TrimEnd('/');
        Prefix = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + BasePath;
    }

    internal Uri Uri { get; }

    /// <summary>Whether requests go there under TLS.</summary>
    internal bool IsSecure { get; }

    /// <summary>The path without its last slash: empty, or <c>/base</c>.</summary>
    internal string BasePath { get; }

    /// <summary>Origin and base path as <see cref="Uri"/> writes them, without a last slash: <c>https://host:8443/base</c>.</summary>
    internal string Prefix { get; }

    internal static bool IsSameOrigin(Uri one, Uri other) =>
        one.Port == other.Port
        && string.Equals(one.Scheme, other.Scheme, StringComparison.Ordinal)
        && IsSameHost(one, other);

    internal static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp;

    /// <summary>Says why a member cannot be one of an HTTP group, to be read after its address; null if it can.</summary>
    internal static string? WhyNot(FailoverMember member) =>
        IsHttp(member.Address) && member.Address.Host.Length > 0 ? null : $"must be http or https, like {Example(member.Address.OriginalString)}";

    /// <summary>
    /// Whether the text of a URI stands under this address. False is no proof: the text may be written in another way (upper case, a default port). Costs no allocation and does not make the URI parse itself.
    /// </summary>
    internal bool IsPrefixOf(string uri) => uri.StartsWith(Prefix, StringComparison.Ordinal) && IsBoundary(uri, Prefix.Length);

    internal bool IsSameOrigin(Uri uri) => IsSameOrigin(uri, Uri);

    internal bool IsSameHost(Uri uri) => IsSameHost(uri, Uri);

    /// <summary>Whether the port is the same, and says something: 443 is that of half the world. On this machine any port does: localhost, 127.0.0.1 and [::1] are three hosts.</summary>
    internal bool IsSamePort(Uri uri) => uri.Port == Uri.Port && (!Uri.IsDefaultPort || (uri.IsLoopback && Uri.IsLoopback));

    /// <summary>What somebody may have meant who wrote <paramref name="written"/>.</summary>
    internal static string Example(string? written)
    {
        int scheme = written?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        string rest = scheme < 0 ? written ?? "" : written![(scheme + 3)..];
        return Uri.TryCreate($"https://{rest}", UriKind.Absolute, out Uri? meant) && meant.Host.Length > 0 && meant.UserInfo.Length == 0 && meant.Query.Length == 0 && meant.Fragment.Length == 0
            ? $"{(meant.IsLoopback ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{rest}"
            : "https://orders-a.example.com";
    }

    internal bool IsBaseOf(string path) => path.StartsWith(BasePath, StringComparison.Ordinal) && IsBoundary(path, BasePath.Length);

    private static bool IsSameHost(Uri one, Uri other) => string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static bool IsBoundary(string text, int at) => text.Length == at || text[at] is '/' or '?' or '#';
}
