using System.Globalization;
using System.Text;
using System.Text.Json;
using Failover.Etcd.Client;

namespace Failover.Etcd.Arbitration;

/// <summary>A key as a transaction has read it.</summary>
/// <param name="CreateRevision">The revision that made it; 0 if it is not there.</param>
/// <param name="ModRevision">The revision that wrote it last; 0 if it is not there.</param>
/// <param name="Lease">The lease that it goes with; 0 for none.</param>
/// <param name="Value">What it holds.</param>
internal readonly record struct StoredKey(long CreateRevision, long ModRevision, long Lease, byte[]? Value)
{
    internal bool IsThere => CreateRevision > 0;
}

/// <summary>What etcd answers to a transaction.</summary>
/// <param name="Succeeded">Whether what was compared held.</param>
/// <param name="Cluster">The cluster's id. One that was built again in the same manner has the same.</param>
/// <param name="Revision">The revision of the whole store: that of what was written, if anything was.</param>
/// <param name="Read">The keys that were read, in order.</param>
internal sealed record TxnAnswer(bool Succeeded, ulong Cluster, long Revision, IReadOnlyList<StoredKey> Read)
{
    /// <summary>Reads it, and takes nothing for granted: there must be one answer for each act, of its kind and about its key.</summary>
    /// <exception cref="EtcdException">It is not what was asked for.</exception>
    internal static TxnAnswer Of(EtcdTxn asked, JsonElement answer)
    {
        long revision = EtcdMessages.Revision(answer);
        JsonElement header = answer.GetProperty("header");
        if (!header.TryGetProperty("cluster_id", out JsonElement id) || id.ValueKind != JsonValueKind.String || !ulong.TryParse(id.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong cluster))
        {
            throw EtcdMessages.Unreadable();
        }

        // False is left out.
        bool succeeded = EtcdMessages.IsTrue(answer, "succeeded");
        if (asked.If.Count == 0 && !succeeded)
        {
            throw EtcdMessages.Unreadable();
        }

        IReadOnlyList<TxnAct> acts = succeeded ? asked.Then : asked.Else;
        JsonElement[] responses = answer.TryGetProperty("responses", out JsonElement all) && all.ValueKind == JsonValueKind.Array ? [.. all.EnumerateArray()] : [];
        if (responses.Length != acts.Count)
        {
            throw EtcdMessages.Unreadable();
        }

        List<StoredKey> read = [];
        foreach ((TxnAct act, JsonElement response) in acts.Zip(responses))
        {
            string name = act switch { TxnRead => "response_range", TxnPut => "response_put", _ => "response_delete_range" };
            if (response.ValueKind != JsonValueKind.Object || !response.TryGetProperty(name, out JsonElement told) || told.ValueKind != JsonValueKind.Object)
            {
                throw EtcdMessages.Unreadable();
            }

            if (act is TxnRead)
            {
                read.Add(ReadKey(act.Key, told));
            }
        }

        return new(succeeded, cluster, revision, read);
    }

    private static StoredKey ReadKey(string key, JsonElement told)
    {
        if (!told.TryGetProperty("kvs", out JsonElement kvs))
        {
            return default;
        }

        if (kvs.ValueKind != JsonValueKind.Array || kvs.GetArrayLength() != 1 || kvs[0] is not { ValueKind: JsonValueKind.Object } kv || !Bytes(kv, "key").AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(key)))
        {
            throw EtcdMessages.Unreadable();
        }

        StoredKey stored = new(EtcdMessages.Int64(kv, "create_revision"), EtcdMessages.Int64(kv, "mod_revision"), EtcdMessages.Int64(kv, "lease"), Bytes(kv, "value"));
        return stored.CreateRevision > 0 && stored.ModRevision >= stored.CreateRevision ? stored : throw EtcdMessages.Unreadable();
    }

    private static byte[] Bytes(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out JsonElement text) ? [] : text.ValueKind == JsonValueKind.String && text.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw EtcdMessages.Unreadable();
}
