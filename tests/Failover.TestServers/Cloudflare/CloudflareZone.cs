using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Failover.TestServers.Cloudflare;

/// <summary>The records of a zone. A batch counts as a whole, or not at all; each record that is made has an id of its own, and keeps it when it is edited.</summary>
internal sealed class CloudflareZone(string name)
{
    private const int MostInBatch = 200;

    private readonly Lock _lock = new();
    private ImmutableList<JsonObject> _records = [];

    /// <summary>A second passes with each change: what was changed later says so, however fast that was.</summary>
    private DateTimeOffset _clock = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Gets the id of the zone.</summary>
    internal string Id { get; } = NewId();

    /// <summary>Gets or sets the shortest time to live, in seconds: 30 where the plan allows it.</summary>
    internal int ShortestTtl { get; set; } = 60;

    /// <summary>Gets how many writes were carried out.</summary>
    internal int Writes { get; private set; }

    /// <summary>Gets or sets whether a batch passes over the deletion of a record that is not there: what the real one is hoped not to do.</summary>
    internal bool PassesOverMissing { get; set; }

    /// <summary>Makes a record, as by hand; returns its id.</summary>
    internal string Put(string record, string type, string content, int ttl = 60, bool proxied = false, string? comment = null, params string[] tags)
    {
        JsonObject made = new() { ["name"] = record, ["type"] = type, ["content"] = content, ["ttl"] = proxied ? 1 : ttl, ["proxied"] = proxied, ["comment"] = comment, ["tags"] = new JsonArray([.. tags.Select(static tag => (JsonNode)tag)]) };
        return Do(records => Post(records, made), static made => made["id"]!.GetValue<string>());
    }

    /// <summary>Edits the content of a record, as by hand: it keeps its id.</summary>
    internal void Edit(string id, string content) => Do(records =>
    {
        JsonObject edited = (JsonObject)Find(records, id).DeepClone();
        edited["content"] = content;
        return (records.Replace(Find(records, id), edited), edited);
    }, static _ => true);

    /// <summary>Takes records away, as by hand.</summary>
    internal void Remove(string record, string? type = null) => Do(records => (records.RemoveAll(one => Of(one, "name") == record && (type is null || Of(one, "type") == type)), new()), static _ => true);

    /// <summary>Returns the records of a name, each as type and content, in order.</summary>
    internal string[] Told(string record) => [.. _records.Where(one => Of(one, "name") == record).Select(static one => $"{Of(one, "type")} {Of(one, "content")}").Order(StringComparer.Ordinal)];

    /// <summary>Returns the records of a name and a type, as the API tells them.</summary>
    internal JsonObject[] Records(string record, string type) => [.. _records.Where(one => Of(one, "name") == record && Of(one, "type") == type).Select(static one => (JsonObject)one.DeepClone())];

    internal (JsonArray Page, JsonObject Info) List((string Name, string Value)[] query)
    {
        IEnumerable<JsonObject> found = _records;
        (int page, int size, string order) = (1, 100, "type");
        foreach ((string key, string value) in query)
        {
            switch (key)
            {
                case "name.exact" or "name":
                    found = found.Where(one => string.Equals(Of(one, "name"), value, StringComparison.OrdinalIgnoreCase));
                    break;
                case "type":
                    found = found.Where(one => Of(one, "type") == value);
                    break;
                case "content.exact" or "content":
                    found = found.Where(one => Of(one, "content") == value);
                    break;
                case "order" when value is "type" or "name" or "content":
                    order = value;
                    break;
                case "page" when int.TryParse(value, CultureInfo.InvariantCulture, out page) && page > 0:
                case "per_page" when int.TryParse(value, CultureInfo.InvariantCulture, out size) && size is > 0 and <= 5_000_000:
                    break;
                default:
                    throw new CloudflareRefusal(400, 1004, $"Unknown or invalid parameter {key}={value}.");
            }
        }

        JsonObject[] all;
        lock (_lock)
        {
            all = [.. found.OrderBy(one => Of(one, order), StringComparer.Ordinal).Select(static one => (JsonObject)one.DeepClone())];
        }

        JsonArray result = [.. all.Skip((page - 1) * size).Take(size)];
        return (result, new() { ["page"] = page, ["per_page"] = size, ["count"] = result.Count, ["total_count"] = all.Length, ["total_pages"] = (all.Length + size - 1) / size });
    }

    internal JsonObject Get(string id) => (JsonObject)Find(_records, id).DeepClone();

    internal JsonObject Create(JsonObject sent) => Do(records => Post(records, sent), static made => made);

    internal JsonObject Update(string id, JsonObject sent, bool isWhole) => Do(records => isWhole ? Put(records, id, sent) : Patch(records, id, sent), static made => made);

    internal JsonObject Delete(string id) => Do(records => (records.Remove(Find(records, id)), new JsonObject { ["id"] = id }), static gone => gone);

    internal JsonObject Batch(JsonObject batch)
    {
        string[] kinds = ["deletes", "patches", "puts", "posts"];
        if (batch.Any(field => !kinds.Contains(field.Key) || field.Value is not JsonArray) || batch.Sum(static field => field.Value!.AsArray().Count) is 0 or > MostInBatch)
        {
            throw new CloudflareRefusal(400, 9207, "Request body is invalid.");
        }

        return Do(records =>
        {
            JsonObject result = [];
            foreach (string kind in kinds)
            {
                JsonArray done = [];
                foreach (JsonObject sent in (batch[kind]?.AsArray() ?? []).Select(static one => one as JsonObject ?? throw new CloudflareRefusal(400, 9207, "Request body is invalid.")))
                {
                    string id = kind == "posts" ? "" : sent["id"]?.GetValue<string>() ?? throw CloudflareRefusal.Validation(9207, "id is required.");
                    if (kind == "deletes" && PassesOverMissing && records.All(one => Of(one, "id") != id))
                    {
                        continue;
                    }

                    (records, JsonObject one) = kind switch
                    {
                        "deletes" when sent.Count > 1 => throw CloudflareRefusal.Validation(9207, "A deletion has an id and nothing else."),
                        "deletes" => (records.Remove(Find(records, id)), Find(records, id)),
                        "patches" => Patch(records, id, sent),
                        "puts" => Put(records, id, sent),
                        _ => Post(records, sent),
                    };
                    done.Add(one.DeepClone());
                }

                result[kind] = done;
            }

            return (records, result);
        }, static result => result);
    }

    private T Do<T>(Func<ImmutableList<JsonObject>, (ImmutableList<JsonObject>, JsonObject)> change, Func<JsonObject, T> result)
    {
        lock (_lock)
        {
            (_records, JsonObject made) = change(_records);
            Writes++;
            return result((JsonObject)made.DeepClone());
        }
    }

    private (ImmutableList<JsonObject>, JsonObject) Post(ImmutableList<JsonObject> records, JsonObject sent) =>
        Added(records, CloudflareSchema.Check(sent, name, ShortestTtl, hasId: false), NewId());

    private (ImmutableList<JsonObject>, JsonObject) Put(ImmutableList<JsonObject> records, string id, JsonObject sent)
    {
        JsonObject old = Find(records, id);
        JsonObject kept = CloudflareSchema.Check(sent, name, ShortestTtl, hasId: true);
        return Of(old, "type") == Of(kept, "type") ? Added(records.Remove(old), kept, id) : throw CloudflareRefusal.Validation(9207, "The type of a record cannot be changed.");
    }

    /// <summary>What is not sent stays as it is.</summary>
    private (ImmutableList<JsonObject>, JsonObject) Patch(ImmutableList<JsonObject> records, string id, JsonObject sent)
    {
        JsonObject whole = (JsonObject)sent.DeepClone();
        foreach (string field in (string[])["ttl", "proxied", "comment", "tags", "settings"])
        {
            whole[field] ??= Find(records, id)[field]?.DeepClone();
        }

        return Put(records, id, whole);
    }

    private (ImmutableList<JsonObject>, JsonObject) Added(ImmutableList<JsonObject> records, JsonObject kept, string id)
    {
        string type = Of(kept, "type");
        string[] beside = [.. records.Where(one => Of(one, "name") == Of(kept, "name")).Select(static one => Of(one, "type"))];
        if (records.Any(one => (Of(one, "name"), Of(one, "type"), Of(one, "content")) == (Of(kept, "name"), type, Of(kept, "content"))))
        {
            throw new CloudflareRefusal(400, 81058, "An identical record already exists.");
        }

        if (type == "CNAME" && beside.Any(CloudflareSchema.IsProxiable))
        {
            throw new CloudflareRefusal(400, 81053, "An A, AAAA, or CNAME record with that host already exists.");
        }

        if (type is "A" or "AAAA" && beside.Contains("CNAME"))
        {
            throw new CloudflareRefusal(400, 81054, "A CNAME record with that host already exists.");
        }

        kept["id"] = id;
        kept["modified_on"] = (_clock += TimeSpan.FromSeconds(1)).ToString("O", CultureInfo.InvariantCulture);
        return (records.Add(kept), kept);
    }

    private static JsonObject Find(ImmutableList<JsonObject> records, string id) => records.Find(one => Of(one, "id") == id) ?? throw new CloudflareRefusal(404, 81044, "Record does not exist.");

    private static string Of(JsonObject record, string field) => record[field]!.GetValue<string>();

    private static string NewId() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
