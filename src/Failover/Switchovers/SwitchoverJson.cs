using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Failover;

/// <summary>
/// A <see cref="Switchover"/> as JSON, schema <c>failover.switchover/1</c>: camelCase, every property always there, unknown times null, durations in seconds. Within version 1
/// properties may be added, and none is renamed, removed or given another meaning. docs/observability.md describes it. Safe to use from any thread.
/// </summary>
public static class SwitchoverJson
{
    /// <summary>The value of <c>schema</c>.</summary>
    public const string Schema = "failover.switchover/1";

    private static readonly SwitchoverCause[] Causes = Enum.GetValues<SwitchoverCause>();
    private static readonly SwitchoverOutcome[] Outcomes = Enum.GetValues<SwitchoverOutcome>();

    /// <summary>Returns a switchover as JSON, without line breaks.</summary>
    public static string Serialize(Switchover switchover)
    {
        ArgumentNullException.ThrowIfNull(switchover);
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter json = new(buffer))
        {
            Serialize(json, switchover);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a switchover as one JSON object.</summary>
    public static void Serialize(Utf8JsonWriter json, Switchover switchover)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(switchover);
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("id", switchover.Id);
        json.WriteNumber("revision", switchover.Revision);
        json.WriteBoolean("isFinal", switchover.IsFinal);
        json.WriteString("outcome", Name(switchover.Outcome));
        json.WriteString("group", switchover.Group);
        json.WriteString("cause", Name(switchover.Cause));
        Write(json, "from", switchover.From);
        Write(json, "to", switchover.To);
        Write(json, "epoch", switchover.Epoch);
        json.WriteString("evidence", switchover.Evidence);
        WriteNumber(json, "leaseToken", switchover.LeaseToken);
        Write(json, "lastGood", switchover.LastGood);
        Write(json, "firstFailure", switchover.FirstFailure);
        Write(json, "detected", switchover.Detected);
        Write(json, "decided", switchover.Decided);
        Write(json, "switched", switchover.Switched);
        Write(json, "verified", switchover.Verified);
        Write(json, "visible", switchover.Visible);
        WriteNumber(json, "detectionTime", Seconds(switchover.DetectionTime));
        WriteNumber(json, "switchTime", Seconds(switchover.SwitchTime));
        WriteNumber(json, "recoveryTime", Seconds(switchover.RecoveryTime));
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Serialize(Switchover)"/> wrote. Properties that are not known are ignored, the three durations are derived anew.</summary>
    /// <exception cref="JsonException">It is no JSON, not of this schema, or a property is missing or of another type.</exception>
    public static Switchover Deserialize(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using JsonDocument document = JsonDocument.Parse(json);
        try
        {
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            throw new JsonException($"This is not a switchover of the schema {Schema}.", exception);
        }
    }

    private static Switchover Read(JsonElement json)
    {
        string? schema = json.GetProperty("schema").GetString();
        if (!string.Equals(schema, Schema, StringComparison.Ordinal))
        {
            throw new JsonException($"The schema is '{schema}'; only '{Schema}' is known.");
        }

        return new()
        {
            Id = json.GetProperty("id").GetGuid(),
            Revision = json.GetProperty("revision").GetInt32(),
            IsFinal = json.GetProperty("isFinal").GetBoolean(),
            Outcome = Parse(Outcomes, json.GetProperty("outcome").GetString(), Name),
            Group = Required(json, "group"),
            Cause = Parse(Causes, json.GetProperty("cause").GetString(), Name),
            From = Member(json, "from"),
            To = Member(json, "to") ?? throw new FormatException("The member to which it leads is missing."),
            Epoch = Optional(json, "epoch") is { } epoch ? new(Required(epoch, "lineage"), epoch.GetProperty("number").GetInt64()) : null,
            Evidence = Optional(json, "evidence")?.GetString(),
            LeaseToken = Optional(json, "leaseToken")?.GetInt64(),
            LastGood = Time(json, "lastGood"),
            FirstFailure = Time(json, "firstFailure"),
            Detected = Time(json, "detected"),
            Decided = Time(json, "decided"),
            Switched = Time(json, "switched"),
            Verified = Time(json, "verified"),
            Visible = Time(json, "visible"),
        };
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static T Parse<T>(T[] values, string? name, Func<T, string> nameOf)
    {
        int index = Array.FindIndex(values, value => string.Equals(nameOf(value), name, StringComparison.Ordinal));
        return index >= 0 ? values[index] : throw new FormatException($"'{name}' is not known.");
    }

    private static void Write(Utf8JsonWriter json, string name, FailoverMember? member)
    {
        if (Null(json, name, member is null))
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("name", member!.Name);
        json.WriteString("address", member.Address.AbsoluteUri);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Epoch? epoch)
    {
        if (Null(json, name, epoch is null))
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("lineage", epoch!.Value.Lineage);
        json.WriteNumber("number", epoch.Value.Number);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Moment? moment)
    {
        if (Null(json, name, moment is null))
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("utc", moment!.Value.Utc.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        WriteNumber(json, "elapsed", Seconds(moment.Value.Elapsed));
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (!Null(json, name, number is null))
        {
            json.WriteNumber(name, number!.Value);
        }
    }

    private static bool Null(Utf8JsonWriter json, string name, bool isNull)
    {
        if (isNull)
        {
            json.WriteNull(name);
        }

        return isNull;
    }

    /// <summary>Decimal, so that each tick comes back as it was.</summary>
    private static decimal? Seconds(TimeSpan? time) => time is { } known ? (decimal)known.Ticks / TimeSpan.TicksPerSecond : null;

    private static JsonElement? Optional(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Required(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null.");

    private static FailoverMember? Member(JsonElement json, string name) =>
        Optional(json, name) is { } member ? new(Required(member, "name"), new Uri(Required(member, "address"), UriKind.Absolute)) : null;

    private static Moment? Time(JsonElement json, string name) => Optional(json, name) is { } moment
        ? new(
            TimeSpan.FromTicks((long)(moment.GetProperty("elapsed").GetDecimal() * TimeSpan.TicksPerSecond)),
            moment.GetProperty("utc").GetDateTimeOffset().ToUniversalTime())
        : null;
}
