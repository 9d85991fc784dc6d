using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Failover.TestServers.Cloudflare;

/// <summary>What a record may look like: as the API's description has it, and stricter where that passes over what it does not know.</summary>
internal static class CloudflareSchema
{
    private static readonly string[] Known = ["type", "name", "content", "ttl", "proxied", "comment", "tags", "settings", "priority"];
    private static readonly string[] Proxiable = ["A", "AAAA", "CNAME"];
    private static readonly string[] Types = [.. Proxiable, "TXT", "MX", "NS", "CAA"];

    internal static bool IsProxiable(string type) => Proxiable.Contains(type);

    /// <summary>Checks a record that is sent, and returns it as it is kept, without its id and times.</summary>
    /// <param name="sent">The record.</param>
    /// <param name="zone">The name of the zone.</param>
    /// <param name="shortest">The shortest time to live, in seconds.</param>
    /// <param name="hasId">Whether it bears an id, as in a batch.</param>
    internal static JsonObject Check(JsonObject sent, string zone, int shortest, bool hasId)
    {
        if (sent.Select(static field => field.Key).Except(hasId ? [.. Known, "id"] : Known).FirstOrDefault() is { } unknown)
        {
            throw CloudflareRefusal.Validation(9207, $"Unknown field {unknown}.");
        }

        // The description wants these three of a change of a part, too.
        string type = Text(sent, "type"), name = Text(sent, "name").TrimEnd('.').ToLowerInvariant(), content = Text(sent, "content");
        if (!Types.Contains(type))
        {
            throw CloudflareRefusal.Validation(9000, "DNS record type is invalid.");
        }

        bool isRight = type switch
        {
            "A" => IPAddress.TryParse(content, out IPAddress? v4) && v4.AddressFamily == AddressFamily.InterNetwork,
            "AAAA" => IPAddress.TryParse(content, out IPAddress? v6) && v6.AddressFamily == AddressFamily.InterNetworkV6,
            "CNAME" => Uri.CheckHostName(content.TrimEnd('.').Replace("_", "x", StringComparison.Ordinal)) == UriHostNameType.Dns,
            _ => content.Length > 0,
        };
        if (!isRight)
        {
            throw CloudflareRefusal.Validation(9005, $"Content for {type} record is invalid.");
        }

        bool isProxied = sent["proxied"]?.GetValue<bool>() ?? false;
        if (isProxied && !IsProxiable(type))
        {
            throw CloudflareRefusal.Validation(9004, "This record type cannot be proxied.");
        }

        int ttl = sent["ttl"]?.GetValue<int>() ?? 1;
        if (ttl != 1 && (ttl < shortest || ttl > 86400))
        {
            throw CloudflareRefusal.Validation(9021, $"Invalid TTL. Must be between {shortest} and 86400 seconds, or 1 for Automatic.");
        }

        return new()
        {
            // A name that is not of the zone is made to be below it.
            ["name"] = name == zone || name.EndsWith($".{zone}", StringComparison.Ordinal) ? name : $"{name}.{zone}",
            ["type"] = type,
            ["content"] = content,
            ["proxiable"] = IsProxiable(type),
            ["proxied"] = isProxied,
            ["ttl"] = isProxied ? 1 : ttl,
            ["settings"] = sent["settings"]?.DeepClone() ?? new JsonObject(),
            ["meta"] = new JsonObject(),
            ["comment"] = sent["comment"]?.DeepClone(),
            ["tags"] = sent["tags"]?.DeepClone() ?? new JsonArray(),
        };
    }

    private static string Text(JsonObject sent, string field) =>
        sent[field] is JsonValue value && value.TryGetValue(out string? text) ? text : throw CloudflareRefusal.Validation(9207, $"{field} is required.");
}
