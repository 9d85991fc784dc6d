using System.Text.Json;
using Failover.Etcd.Client;

namespace Failover.Etcd.Arbitration;

/// <summary>What the keys of a resource hold, for people with <c>etcdctl</c> too.</summary>
/// <param name="Holder">Who holds it, or held it and must be cared for.</param>
/// <param name="Attempt">The ask that was granted.</param>
internal sealed record LeaseRecord(string Holder, Guid Attempt)
{
    internal byte[] ToBytes() => EtcdMessages.Write(this, static (json, record) =>
    {
        json.WriteString("holder", record.Holder);
        json.WriteString("attempt", record.Attempt);
    });

    /// <summary>Reads what a key holds; null if nobody of ours has written that.</summary>
    internal static LeaseRecord? Of(StoredKey key)
    {
        if (key.Value is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(key.Value);
            JsonElement root = document.RootElement;
            return root.GetProperty("holder").GetString() is { Length: > 0 } holder && root.GetProperty("attempt").TryGetGuid(out Guid attempt) ? new(holder, attempt) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
