using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Failover.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.AspNetCore.Answers;

/// <summary>Writes <c>application/health+json</c> with all that may be told: names, states, times and figures. No word of a check or an exception is in it.</summary>
internal static class HealthJson
{
    internal static ReadOnlyMemory<byte> Write(AnswerStatus status, HealthVerdicts verdicts, Moment at, ImmutableArray<CheckSnapshot> checks, ImmutableArray<GroupSnapshot> groups)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        writer.WriteString("status", Word(status));
        writer.WriteString("time", at.Utc.UtcDateTime);
        writer.WriteBoolean("operational", verdicts.Operational);
        writer.WriteBoolean("canServe", verdicts.CanServe);
        writer.WriteBoolean("alive", verdicts.Alive);
        writer.WriteBoolean("started", verdicts.IsStarted);
        writer.WriteBoolean("draining", verdicts.IsDraining);
        if (verdicts.Reason is { } reason)
        {
            writer.WriteStartArray("notes");
            writer.WriteStringValue(reason);
            writer.WriteEndArray();
        }

        writer.WriteStartObject("checks");
        foreach (CheckSnapshot check in checks)
        {
            Write(writer, check);
        }

        writer.WriteEndObject();
        if (!groups.IsEmpty)
        {
            GroupsJson.Write(writer, groups);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, CheckSnapshot check)
    {
        // The draft separates component and measurement by a colon, and wants none in either.
        string name = check.Name.Replace(':', '.');
        writer.WriteStartArray(name + ":responseTime");
        writer.WriteStartObject();
        writer.WriteString("status", Word(StatusOf(check)));
        writer.WriteString("state", check.StatusName);
        if (check.Duration is { } duration)
        {
            writer.WriteNumber("observedValue", Math.Round(duration.TotalMilliseconds, 3));
            writer.WriteString("observedUnit", "ms");
        }

        WriteTime(writer, "time", check.LastAt);
        WriteTime(writer, "since", check.Since);
        WriteTime(writer, "passed", check.PassedAt);
        writer.WriteString("criticality", check.Criticality switch { Criticality.Critical => "critical", Criticality.Degrading => "degrading", _ => "info" });
        writer.WriteString("scope", check.Scope == CheckScope.Local ? "local" : "shared");
        if (check.Error is { } error)
        {
            writer.WriteString("error", error);
        }

        if (check.IsStuck)
        {
            writer.WriteBoolean("stuck", true);
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
        foreach ((string measured, object value) in SafeData.Of(check.Data))
        {
            writer.WriteStartArray($"{name}:{measured}");
            writer.WriteStartObject();
            SafeData.Write(writer, "observedValue", value);
            if (value is TimeSpan)
            {
                writer.WriteString("observedUnit", "s");
            }

            WriteTime(writer, "time", check.LastAt);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
    }

    internal static void WriteTime(Utf8JsonWriter writer, string name, Moment? moment)
    {
        if (moment is { } known)
        {
            writer.WriteString(name, known.Utc.UtcDateTime);
        }
    }

    private static AnswerStatus StatusOf(CheckSnapshot check) =>
        check.IsStale ? AnswerStatus.Fail : check.Status switch
        {
            HealthStatus.Healthy => AnswerStatus.Pass,
            HealthStatus.Degraded => AnswerStatus.Warn,
            _ => AnswerStatus.Fail,
        };

    private static string Word(AnswerStatus status) => status switch
    {
        AnswerStatus.Pass => "pass",
        AnswerStatus.Warn => "warn",
        _ => "fail",
    };
}
