using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Failover.TestServers.Cloudflare;

/// <summary>A request as it came over the wire, and how it is answered: HTTP as far as clients of the API need it, over connections that stay.</summary>
internal sealed class CloudflareCall
{
    private const int LongestHead = 65536;

    private readonly Dictionary<string, string> _headers;
    private readonly byte[] _body;

    private CloudflareCall(string method, string target, Dictionary<string, string> headers, byte[] body)
    {
        (Method, _headers, _body) = (method, headers, body);
        string[] parts = target.Split('?', 2);
        Path = [.. parts[0].Split('/', StringSplitOptions.RemoveEmptyEntries)];
        Query = [.. (parts.Length > 1 ? parts[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static pair => pair.Split('=', 2))
            .Select(static pair => (Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString((pair.Length > 1 ? pair[1] : "").Replace('+', ' '))))];
    }

    internal string Method { get; }

    internal string[] Path { get; }

    internal (string Name, string Value)[] Query { get; }

    internal IReadOnlyDictionary<string, string> Headers => _headers;

    internal string? this[string header] => _headers.GetValueOrDefault(header);

    /// <summary>Reads the body.</summary>
    /// <exception cref="CloudflareRefusal">It is no object of JSON.</exception>
    internal JsonObject Json()
    {
        try
        {
            return _headers.GetValueOrDefault("Content-Type", "").StartsWith("application/json", StringComparison.Ordinal) && JsonNode.Parse(_body) is JsonObject json
                ? json
                : throw new CloudflareRefusal(400, 9207, "Request body is invalid.");
        }
        catch (JsonException)
        {
            throw new CloudflareRefusal(400, 9207, "Request body is invalid.");
        }
    }

    /// <returns>Null at the end of the connection.</returns>
    internal static async Task<CloudflareCall?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head is not [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
        {
            if (head.Count > LongestHead || await stream.ReadAsync(one, cancellationToken) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        string[] lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (string[] header in lines.Skip(1).Select(static line => line.Split(':', 2)))
        {
            headers[header[0]] = header[1].Trim();
        }

        byte[] body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, cancellationToken);
        string[] request = lines[0].Split(' ');
        return new(request[0], request[1], headers, body);
    }

    internal static async Task WriteAsync(NetworkStream stream, int status, string type, byte[] body, string headers, int? length, CancellationToken cancellationToken)
    {
        byte[] head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\nContent-Length: {length ?? body.Length}\r\n{headers}\r\n"));
        await stream.WriteAsync((byte[])[.. head, .. body], cancellationToken);
    }
}
