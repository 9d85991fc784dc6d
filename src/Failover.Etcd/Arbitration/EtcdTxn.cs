using System.Globalization;
using System.Text;
using System.Text.Json;
using Failover.Etcd.Client;

namespace Failover.Etcd.Arbitration;

/// <summary>What etcd does in one step, at one revision: if all comparisons hold, one list of acts, else the other. Nobody else's can come between.</summary>
/// <param name="If">What must hold.</param>
/// <param name="Then">What is done if it does.</param>
/// <param name="Else">What is done if not.</param>
internal sealed record EtcdTxn(IReadOnlyList<TxnCompare> If, IReadOnlyList<TxnAct> Then, IReadOnlyList<TxnAct> Else)
{
    internal const string Path = "v3/kv/txn";

    /// <summary>Reads keys as they are at one revision, linearizably: a member that cannot reach the others of its cluster does not answer.</summary>
    internal static EtcdTxn Read(params IEnumerable<string> keys) => new([], [.. keys.Select(static key => new TxnRead(key))], []);

    /// <summary>The message, letter by letter: a name that the gateway does not know it ignores without a word, and a comparison or an act would be missing.</summary>
    internal byte[] ToMessage() => EtcdMessages.Write(this, static (json, txn) =>
    {
        WriteAll(json, "compare", txn.If, static (json, compare) => compare.Write(json));
        WriteAll(json, "success", txn.Then, static (json, act) => act.Write(json));
        WriteAll(json, "failure", txn.Else, static (json, act) => act.Write(json));
    });

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> all, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T one in all)
        {
            json.WriteStartObject();
            write(json, one);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

/// <summary>One comparison. A key that is not there has revision 0, and no value.</summary>
internal abstract record TxnCompare(string Key)
{
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteBase64String("key", Encoding.UTF8.GetBytes(Key));
        json.WriteString("result", "EQUAL");
        WriteTarget(json);
    }

    protected abstract void WriteTarget(Utf8JsonWriter json);
}

/// <summary>The key is not there.</summary>
internal sealed record IsAbsent(string Key) : TxnCompare(Key)
{
    protected override void WriteTarget(Utf8JsonWriter json)
    {
        json.WriteString("target", "CREATE");
        json.WriteString("create_revision", "0");
    }
}

/// <summary>The key has not been written since; with revision 0, not been made.</summary>
internal sealed record IsUnchanged(string Key, long ModRevision) : TxnCompare(Key)
{
    protected override void WriteTarget(Utf8JsonWriter json)
    {
        json.WriteString("target", "MOD");
        json.WriteString("mod_revision", ModRevision.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>The key holds a value. Unlike a revision, a random value tells one etcd from another.</summary>
internal sealed record Holds(string Key, byte[] Value) : TxnCompare(Key)
{
    protected override void WriteTarget(Utf8JsonWriter json)
    {
        json.WriteString("target", "VALUE");
        json.WriteBase64String("value", Value);
    }
}

/// <summary>One act.</summary>
internal abstract record TxnAct(string Key)
{
    internal abstract void Write(Utf8JsonWriter json);
}

/// <summary>Reads a key.</summary>
internal sealed record TxnRead(string Key) : TxnAct(Key)
{
    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("request_range");
        json.WriteBase64String("key", Encoding.UTF8.GetBytes(Key));
        json.WriteEndObject();
    }
}

/// <summary>Writes a key, under a lease or (0) for good.</summary>
internal sealed record TxnPut(string Key, byte[] Value, long Lease) : TxnAct(Key)
{
    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("request_put");
        json.WriteBase64String("key", Encoding.UTF8.GetBytes(Key));
        json.WriteBase64String("value", Value);
        json.WriteString("lease", Lease.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }
}

/// <summary>Deletes a key.</summary>
internal sealed record TxnDelete(string Key) : TxnAct(Key)
{
    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("request_delete_range");
        json.WriteBase64String("key", Encoding.UTF8.GetBytes(Key));
        json.WriteEndObject();
    }
}
