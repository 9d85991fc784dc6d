using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;

namespace Failover.AspNetCore.Answers;

/// <summary>What an answer carries, as it goes to the wire.</summary>
/// <param name="ContentType">The header.</param>
/// <param name="Bytes">The content, UTF-8.</param>
internal sealed record Body(StringValues ContentType, ReadOnlyMemory<byte> Bytes)
{
    internal const string HealthJsonType = "application/health+json";
    internal const string UiType = "application/json";

    private static readonly ImmutableArray<Body> HealthJson = [Of(HealthJsonType, """{"status":"pass"}"""u8), Of(HealthJsonType, """{"status":"warn"}"""u8), Of(HealthJsonType, """{"status":"fail"}"""u8)];
    private static readonly ImmutableArray<Body> Ui = [OfUi("Healthy"u8), OfUi("Degraded"u8), OfUi("Unhealthy"u8)];
    private static readonly ImmutableArray<Body> Texts = [Of("text/plain", "pass"u8), Of("text/plain", "warn"u8), Of("text/plain", "fail"u8)];

    /// <summary>The status alone, as JSON.</summary>
    internal static Body Json(HealthFormat format, AnswerStatus status) => (format == HealthFormat.HealthChecksUi ? Ui : HealthJson)[(int)status];

    /// <summary>The status alone, as text.</summary>
    internal static Body Text(AnswerStatus status) => Texts[(int)status];

    private static Body Of(string contentType, ReadOnlySpan<byte> content) => new(contentType, content.ToArray());

    private static Body OfUi(ReadOnlySpan<byte> status) => Of(UiType, [.. "{\"status\":\""u8, .. status, .. "\",\"totalDuration\":\"00:00:00\",\"entries\":{}}"u8]);
}
