using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Failover.Etcd.Client;

/// <summary>
/// The messages of the JSON gateway. Keys and values are base64 and 64-bit numbers are strings; a name that the gateway does not know it ignores without a word, so each is written here letter by letter.
/// </summary>
internal static class EtcdMessages
{
    internal static byte[] Range(string key) => Write(key, static (json, key) => json.WriteBase64String("key", Encoding.UTF8.GetBytes(key)));

    internal static byte[] Authenticate(string user, string password) => Write((user, password), static (json, given) =>
    {
        json.WriteString("name", given.user);
        json.WriteString("password", given.password);
    });

    internal static byte[] Watch(string key, long startRevision) => Write((key, startRevision), static (json, given) =>
    {
        json.WriteStartObject("create_request");
        json.WriteBase64String("key", Encoding.UTF8.GetBytes(given.key));
        json.WriteString("start_revision", given.startRevision.ToString(CultureInfo.InvariantCulture));
        json.WriteBoolean("progress_notify", true);
        json.WriteEndObject();
    });

    /// <exception cref="EtcdException">It is not what was asked for.</exception>
    internal static EtcdKey ReadRange(JsonElement answer)
    {
        long revision = Revision(answer);
        if (!answer.TryGetProperty("kvs", out JsonElement kvs))
        {
            return new EtcdKey(KeyState.Absent, revision);
        }

        return kvs.ValueKind == JsonValueKind.Array && kvs.GetArrayLength() == 1 ? new EtcdKey(State(kvs[0]), revision) : throw Unreadable();
    }

    /// <exception cref="EtcdException">It is not what was asked for.</exception>
    internal static string ReadToken(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("token", out JsonElement token) && token.ValueKind == JsonValueKind.String && token.GetString() is { Length: > 0 } text
            ? text
            : throw Unreadable();

    /// <summary>Reads one line of a watch.</summary>
    /// <exception cref="EtcdException">It is none, or it ends the watch.</exception>
    internal static WatchMessage ReadWatch(ReadOnlySequence<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("result", out JsonElement result) || result.ValueKind != JsonValueKind.Object)
            {
                throw new EtcdException("the watch was refused", EtcdFault.Unreachable);
            }

            if (IsTrue(result, "canceled"))
            {
                // With compact_revision: what it was to begin at is forgotten by now. Else a user who may not read the key, or a member without a leader.
                throw new EtcdException(result.TryGetProperty("compact_revision", out _) ? "the watch began before what etcd remembers" : "the watch was cancelled", EtcdFault.Unreachable);
            }

            KeyState? state = null;
            long revision = 0;
            if (result.TryGetProperty("events", out JsonElement events) && events.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement happened in events.EnumerateArray())
                {
                    JsonElement kv = happened.GetProperty("kv");
                    state = IsDelete(happened) ? KeyState.Absent : State(kv);
                    revision = Int64(kv, "mod_revision");
                }
            }

            return new WatchMessage(IsTrue(result, "created"), state, revision);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Unreadable();
        }
    }

    /// <summary>Reads a 64-bit number, which the gateway writes as a string; zero is left out.</summary>
    internal static long Int64(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out JsonElement value))
        {
            return 0;
        }

        long number;
        bool isRead = value.ValueKind switch
        {
            JsonValueKind.String => long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            JsonValueKind.Number => value.TryGetInt64(out number),
            _ => IsNot(out number),
        };
        return isRead ? number : throw Unreadable();
    }

    internal static EtcdException Unreadable() => new("its answer cannot be read", EtcdFault.Unreachable);

    private static bool IsNot(out long number)
    {
        number = 0;
        return false;
    }

    internal static long Revision(JsonElement answer)
    {
        // Every answer has a header; one without is of some other server.
        long revision = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("header", out JsonElement header) ? Int64(header, "revision") : 0;
        return revision > 0 ? revision : throw Unreadable();
    }

    private static KeyState State(JsonElement kv)
    {
        long created = Int64(kv, "create_revision");
        string value = created > 0 && kv.TryGetProperty("value", out JsonElement text) ? text.ValueKind == JsonValueKind.String ? text.GetString()! : throw Unreadable() : "";
        return created > 0 && Base64.IsValid(value) ? new KeyState(created, value) : throw Unreadable();
    }

    // PUT is the zero of its enum, and left out.
    private static bool IsDelete(JsonElement happened) => happened.TryGetProperty("type", out JsonElement type) && type.ValueEquals("DELETE");

    internal static bool IsTrue(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    internal static byte[] Write<T>(T given, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json, given);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
