using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Failover.HealthChecks.Peers;

/// <summary>The keys of <see cref="PeerOptions"/>, and the rules for their values.</summary>
internal static partial class PeerOptionsKeys
{
    internal const string Section = "Peers";
    internal const int ShortestKey = 16;

    private const string PrivateNames = "http is for a private network alone: a private IP address, or a name without a dot or below .internal, .local, .localhost or .home.arpa; else use https";

    internal static readonly OptionsKeys<PeerOptions> Table = new OptionsKeys<PeerOptions>()
        .Text("Node", o => o.Node, (o, v) => o.Node = v)
        .Section("Addresses", ["*"], Bind)
        .Text("Key", o => o.Key, (o, v) => o.Key = v)
        .Time("Interval", o => o.Interval, (o, v) => o.Interval = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))
        .Time("Timeout", o => o.Timeout, (o, v) => o.Timeout = v, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(30))
        .Time("Window", o => o.Window, (o, v) => o.Window = v, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5))
        .Text("RevisionFile", o => o.RevisionFile, (o, v) => o.RevisionFile = v)
        .Fixed("Node").Fixed("Window").Fixed("RevisionFile")
        .Rule(Check);

    internal static bool IsNode(string? text) => text is not null && Node().IsMatch(text);

    private static void Bind(IConfigurationSection section, PeerOptions options, OptionsCheck check)
    {
        foreach (string address in section.GetChildren().Select(static child => child.Value?.Trim()).OfType<string>())
        {
            if (!options.Addresses.Contains(address))
            {
                options.Addresses.Add(address);
            }
        }
    }

    private static void Check(PeerOptions options, OptionsCheck check)
    {
        if (!IsNode(options.Node))
        {
            check.Refuse("Node", options.Node, "must be a name of up to 128 letters, digits, '.', '_' and '-'");
        }

        if (options.Key is null)
        {
            check.Refuse("Key", $"is missing: a secret of at least {ShortestKey} bytes that all nodes share");
        }
        else if (Encoding.UTF8.GetByteCount(options.Key) < ShortestKey)
        {
            check.Refuse("Key", options.Key, $"must be at least {ShortestKey} bytes, in UTF-8");
        }

        if (options.RevisionFile?.Contains('\0') == true)
        {
            check.Refuse("RevisionFile", "must be the path of a file");
        }

        for (int i = 0; i < options.Addresses.Count; i++)
        {
            if (Problem(options.Addresses[i]) is { } problem)
            {
                check.Refuse($"Addresses:{i}", options.Addresses[i], problem);
            }
        }
    }

    /// <summary>What is wrong with an address; null if nothing is.</summary>
    internal static string? Problem(string address) =>
        !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) ? "must be absolute, like https://node-b.example.com/health/peer"
        : uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0 ? "must not carry user information, a query or a fragment"
        : !PlainPath().IsMatch(uri.AbsolutePath) ? "must have a path of letters, digits, '-', '.', '_', '~' and '/', since it is signed as it is sent"
        : uri.Scheme == Uri.UriSchemeHttp && !IsPrivate(uri) ? $"must not be asked in clear: {PrivateNames}"
        : null;

    private static bool IsPrivate(Uri uri) => IPAddress.TryParse(uri.IdnHost, out IPAddress? ip)
        ? IsPrivate(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip)
        : !uri.IdnHost.TrimEnd('.').Contains('.', StringComparison.Ordinal) || PrivateName().IsMatch(uri.IdnHost);

    // Loopback, RFC 1918, link-local, and what carriers and overlay networks use (RFC 6598); unique local addresses.
    private static bool IsPrivate(IPAddress ip) =>
        IPAddress.IsLoopback(ip) || ip.IsIPv6LinkLocal || ip.IsIPv6UniqueLocal
        || (ip.AddressFamily == AddressFamily.InterNetwork && ip.GetAddressBytes() is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [169, 254, ..] or [100, >= 64 and <= 127, ..]);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Node();

    [GeneratedRegex(@"^[A-Za-z0-9/._~-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainPath();

    [GeneratedRegex(@"\.(?:internal|local|localhost|home\.arpa)\.?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex PrivateName();
}
