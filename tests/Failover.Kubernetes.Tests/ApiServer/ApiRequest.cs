using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Failover.Kubernetes.Tests.ApiServer;

/// <summary>A request, as rights see it: verb, namespace, name. A parameter of the query that is not known is refused: the real server would ignore it, and with it a mistake.</summary>
internal sealed record ApiRequest(string Verb, string Space, string? Name, IQueryCollection Query, string? ContentType, string Body)
{
    private const string Prefix = "/apis/coordination.k8s.io/v1/namespaces/";

    private static readonly Dictionary<string, string[]> Parameters = new(StringComparer.Ordinal)
    {
        ["get"] = ["pretty"],
        ["list"] = ["pretty", "fieldSelector", "watch", "limit"],
        ["watch"] = ["pretty", "fieldSelector", "watch", "resourceVersion", "timeoutSeconds", "allowWatchBookmarks"],
        ["create"] = ["pretty", "fieldManager", "fieldValidation"],
        ["update"] = ["pretty", "fieldManager", "fieldValidation"],
        ["patch"] = ["pretty", "fieldManager", "fieldValidation"],
        ["delete"] = ["pretty"],
    };

    /// <summary>Gets the version to watch from; null for what is there first.</summary>
    internal long? Since => Query["resourceVersion"].ToString() is { Length: > 0 } text && text != "0" ? ParseVersion(text) : null;

    internal int? TimeoutSeconds => int.TryParse(Query["timeoutSeconds"], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : null;

    internal bool WantsBookmarks => Query["allowWatchBookmarks"] == "true";

    private bool IsStrict => Query["fieldValidation"].ToString() switch
    {
        "Strict" => true,
        "" or "Warn" or "Ignore" => false,
        var other => throw new StatusException(422, "Invalid", $"fieldValidation: Unsupported value: \"{other}\""),
    };

    internal static async Task<ApiRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string path = request.Path.Value ?? "";
        string[] parts = path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..].Split('/') : [];
        if (parts is not [{ Length: > 0 }, "leases"] and not [{ Length: > 0 }, "leases", { Length: > 0 }])
        {
            throw new StatusException(404, "NotFound", "the server could not find the requested resource");
        }

        string? name = parts.Length == 3 ? parts[2] : null;
        string verb = (request.Method, name) switch
        {
            ("GET", null) => request.Query["watch"] == "true" ? "watch" : "list",
            ("GET", _) => "get",
            ("POST", null) => "create",
            ("PUT", not null) => "update",
            ("PATCH", not null) => "patch",
            ("DELETE", not null) => "delete",
            _ => request.Method,
        };
        if (Parameters.TryGetValue(verb, out string[]? known) && request.Query.Keys.Except(known).FirstOrDefault() is { } stray)
        {
            throw StatusException.BadRequest($"the parameter {stray} means nothing to {verb}");
        }

        using StreamReader reader = new(request.Body);
        return new(verb, parts[0], name, request.Query, request.ContentType, await reader.ReadToEndAsync(cancellationToken));
    }

    /// <summary>Whether the field selector selects it.</summary>
    internal bool Selects(JsonObject lease)
    {
        foreach (string term in Query["fieldSelector"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string? actual = term.Split('=') is ["metadata.name" or "metadata.namespace", _] pair ? (string?)lease["metadata"]![pair[0]["metadata.".Length..]] : throw StatusException.BadRequest($"field label not supported: {term}");
            if (actual != term[(term.IndexOf('=', StringComparison.Ordinal) + 1)..])
            {
                return false;
            }
        }

        return true;
    }

    internal JsonObject Lease()
    {
        if (ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
        {
            throw new StatusException(415, "UnsupportedMediaType", $"the body of the request was in an unknown format: {ContentType}");
        }

        return Placed(LeaseSchema.Decode(Body, IsStrict));
    }

    /// <summary>The object with a merge patch (RFC 7386) applied. For a Lease a strategic one is the same: it has no lists that are merged.</summary>
    internal JsonObject Patched(JsonObject old)
    {
        if (ContentType is not { } type || !(type.StartsWith("application/merge-patch+json", StringComparison.Ordinal) || type.StartsWith("application/strategic-merge-patch+json", StringComparison.Ordinal)))
        {
            throw new StatusException(415, "UnsupportedMediaType", $"the body of the request was in an unknown format: {ContentType}");
        }

        return Placed(LeaseSchema.Decode(Merge(old, JsonNode.Parse(Body))!.ToJsonString(), IsStrict));
    }

    /// <summary>The <c>uid</c> that the object must have to be deleted.</summary>
    internal string? DeletedUid() => Body.Length == 0 ? null : (string?)JsonNode.Parse(Body)?["preconditions"]?["uid"];

    private static long ParseVersion(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : throw StatusException.BadRequest($"invalid resource version: {text}");

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        JsonObject result = target is JsonObject old ? old.DeepClone().AsObject() : [];
        foreach ((string key, JsonNode? value) in changes)
        {
            if (value is null)
            {
                result.Remove(key);
            }
            else
            {
                result[key] = Merge(result[key], value);
            }
        }

        return result;
    }

    /// <summary>The body and the address must speak of the same object.</summary>
    private JsonObject Placed(JsonObject lease)
    {
        JsonObject meta = lease["metadata"]!.AsObject();
        if (Name is not null && (string?)meta["name"] != Name)
        {
            throw StatusException.BadRequest($"the name of the object ({meta["name"]}) does not match the name on the URL ({Name})");
        }

        if ((string?)meta["namespace"] is { Length: > 0 } space && space != Space)
        {
            throw StatusException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        meta["namespace"] = Space;
        return lease;
    }
}
