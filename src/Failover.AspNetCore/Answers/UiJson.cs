using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Failover.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.AspNetCore.Answers;

/// <summary>Writes what the UI of AspNetCore.Diagnostics.HealthChecks reads, with our own words for the descriptions.</summary>
internal static class UiJson
{
    internal static ReadOnlyMemory<byte> Write(AnswerStatus status, ImmutableArray<CheckSnapshot> checks)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        writer.WriteString("status", status switch { AnswerStatus.Pass => "Healthy", AnswerStatus.Warn => "Degraded", _ => "Unhealthy" });
        writer.WriteString("totalDuration", checks.Select(static check => check.Duration ?? TimeSpan.Zero).DefaultIfEmpty().Max().ToString("c", null));
        writer.WriteStartObject("entries");
        foreach (CheckSnapshot check in checks)
        {
            writer.WriteStartObject(check.Name);
            writer.WriteStartObject("data");
            foreach ((string name, object value) in SafeData.Of(check.Data))
            {
                SafeData.Write(writer, name, value);
            }

            writer.WriteEndObject();
            writer.WriteString("description", check.Error is { } error ? $"{check.StatusName}: {error}" : check.StatusName);
            writer.WriteString("duration", (check.Duration ?? TimeSpan.Zero).ToString("c", null));
            writer.WriteString("status", check is { IsStale: false, Status: { } known } ? Word(known) : "Unhealthy");
            writer.WriteStartArray("tags");
            foreach (string tag in check.Tags)
            {
                writer.WriteStringValue(tag);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory.ToArray();
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "Healthy",
        HealthStatus.Degraded => "Degraded",
        _ => "Unhealthy",
    };
}
