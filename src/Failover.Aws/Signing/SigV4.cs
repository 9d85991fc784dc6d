using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Failover.Aws.Signing;

/// <summary>Signature Version 4, as AWS documents it. Pure.</summary>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>How a time stands in the header X-Amz-Date.</summary>
    internal static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Returns the value of the header Authorization.</summary>
    /// <param name="request">The request. All its headers are signed.</param>
    /// <param name="keys">What it is signed with.</param>
    /// <param name="region">The region.</param>
    /// <param name="service">The service: <c>route53</c>.</param>
    /// <param name="stamp">The value of the header X-Amz-Date.</param>
    internal static string Authorization(SignedRequest request, AwsKeys keys, string region, string service, string stamp)
    {
        (string canonical, string signed) = Canonical(request);
        string scope = $"{stamp[..8]}/{region}/{service}/aws4_request";
        string toSign = $"{Algorithm}\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";

        byte[] key = Encoding.UTF8.GetBytes("AWS4" + keys.Secret);
        foreach (string part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return $"{Algorithm} Credential={keys.AccessKey}/{scope}, SignedHeaders={signed}, Signature={Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)))}";
    }

    private static (string Text, string SignedHeaders) Canonical(SignedRequest request)
    {
        (string Name, string Value)[] headers =
        [
            .. request.Headers
                .GroupBy(static header => header.Name.ToLowerInvariant(), static header => OneSpace(header.Value), StringComparer.Ordinal)
                .OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => (group.Key, string.Join(',', group))),
        ];
        string signed = string.Join(';', headers.Select(static header => header.Name));
        string lines = string.Concat(headers.Select(static header => $"{header.Name}:{header.Value}\n"));
        return ($"{request.Method}\n{CanonicalPath(request.Path)}\n{CanonicalQuery(request.Query)}\n{lines}\n{signed}\n{Hex(SHA256.HashData(request.Body.Span))}", signed);
    }

    /// <summary>Dot segments and doubled slashes go, and each segment is encoded once more than it is on the wire.</summary>
    private static string CanonicalPath(string path)
    {
        List<string> segments = [];
        foreach (string segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == "..")
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (segment != ".")
            {
                segments.Add(Uri.EscapeDataString(segment));
            }
        }

        return segments.Count == 0 ? "/" : $"/{string.Join('/', segments)}{(path[^1] == '/' ? "/" : "")}";
    }

    private static string CanonicalQuery(string query) => string.Join('&', query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(static pair => pair.Split('=', 2))
        .Select(static pair => (Name: Encoded(pair[0]), Value: Encoded(pair.Length > 1 ? pair[1] : "")))
        .OrderBy(static pair => pair.Name, StringComparer.Ordinal)
        .ThenBy(static pair => pair.Value, StringComparer.Ordinal)
        .Select(static pair => $"{pair.Name}={pair.Value}"));

    private static string Encoded(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string OneSpace(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
