using System.Text.Json;

namespace Failover.DnsSwitching.Cloudflare;

/// <summary>What is sent to change a name: values and owner in one batch, which Cloudflare carries out in one transaction.</summary>
internal static class CloudflareChanges
{
    /// <summary>Makes the batch. A record keeps what people gave it: whether it is proxied, its comment, its tags, its settings.</summary>
    internal static CloudflareBatch Of(CloudflareName now, DnsChange change, CloudflareOptions options)
    {
        CloudflareRecord? owner = now.Owners is [var first, ..] ? first : null;
        TimeSpan timeToLive = change.TimeToLive > options.MinimumTimeToLive ? change.TimeToLive : options.MinimumTimeToLive;
        (CloudflareRecord? Old, CloudflareRecord? New)[] pairs =
        [
            .. Paired(now, change.Values, (int)timeToLive.TotalSeconds),
            (owner, Like(owner, "TXT", DnsOwner.RecordOf(now.State.Name), $"\"{change.Owner}\"") with { Ttl = (int)timeToLive.TotalSeconds }),
            .. now.Owners.Skip(1).Select(static other => ((CloudflareRecord?)other, (CloudflareRecord?)null)),
        ];

        // A record that is edited keeps its id, and so says nothing to one who deletes it by that; one that is posted has a new one.
        bool IsPatch((CloudflareRecord? Old, CloudflareRecord? New) pair) => !options.UseBatch && pair is { Old: not null, New: not null };
        return new()
        {
            Deletes = NullIfNone(pairs.Where(pair => pair.Old is not null && !IsPatch(pair)).Select(static pair => new CloudflareRecord { Id = pair.Old!.Id })),
            Patches = NullIfNone(pairs.Where(IsPatch).Select(static pair => pair.New! with { Id = pair.Old!.Id })),
            Posts = NullIfNone(pairs.Where(pair => pair.New is not null && !IsPatch(pair)).Select(static pair => pair.New!)),
        };
    }

    /// <summary>Gives each new value an old record of its type, its own first: the type of a record cannot be edited.</summary>
    private static IEnumerable<(CloudflareRecord? Old, CloudflareRecord? New)> Paired(CloudflareName now, DnsValues values, int timeToLive)
    {
        List<CloudflareRecord> left = [.. now.Values];
        foreach (DnsValue value in values.OrderByDescending(value => now.State.Values.Contains(value)))
        {
            string type = CloudflareName.TypeOf(value);
            CloudflareRecord? old = left.Find(record => record.Type == type && DnsValue.Parse(record.Content!) == value) ?? left.Find(record => record.Type == type);
            left.RemoveAll(record => record.Id == old?.Id);
            CloudflareRecord model = old ?? now.Values[0];
            bool isProxied = model.Proxied == true;
            yield return (old, Like(model, type, now.State.Name, value.Text) with { Ttl = isProxied ? CloudflareRecord.AutomaticTtl : timeToLive, Proxied = isProxied });
        }

        foreach (CloudflareRecord old in left)
        {
            yield return (old, null);
        }
    }

    private static CloudflareRecord Like(CloudflareRecord? model, string type, string name, string content) => new()
    {
        Type = type,
        Name = name,
        Content = content,
        Comment = model?.Comment,
        Tags = model?.Tags is { Length: > 0 } tags ? tags : null,
        Settings = model?.Type == type && model.Settings is { ValueKind: JsonValueKind.Object } settings && settings.EnumerateObject().Any() ? settings : null,
    };

    private static CloudflareRecord[]? NullIfNone(IEnumerable<CloudflareRecord> records) => records.ToArray() is { Length: > 0 } some ? some : null;
}
