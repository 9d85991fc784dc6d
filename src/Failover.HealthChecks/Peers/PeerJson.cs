using System.Text.Json;
using System.Text.Json.Serialization;

namespace Failover.HealthChecks.Peers;

/// <summary>The answer to a peer as JSON, and what of it is believed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false, MaxDepth = 8)]
[JsonSerializable(typeof(PeerMessage))]
internal sealed partial class PeerJson : JsonSerializerContext
{
    /// <summary>The longest answer that is read, in bytes.</summary>
    internal const int Longest = 64 * 1024;

    internal const int LongestText = 256;
    internal const int LongestClaimName = 128;
    internal const int MostClaims = 32;

    private const long LongestAge = 100L * 365 * 24 * 60 * 60 * 1000;

    internal static byte[] Write(PeerMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Default.PeerMessage);

    /// <summary>Reads an answer; null if it is none. What it does not know of a later version it leaves out.</summary>
    internal static PeerMessage? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, Default.PeerMessage) is { } message && IsSane(message) ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsSane(PeerMessage message) =>
        PeerOptionsKeys.IsNode(message.Node)
        && message.Clock > 0 && message.Clock < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        && (message.Revision is null || IsText(message.Revision))
        && message.Groups.All(static group => group is not null && IsText(group.Name) && IsText(group.Condition) && (group.Active is null || IsText(group.Active)))
        && message.Checks.All(static check => check is not null && IsText(check.Name) && IsText(check.Status) && check.PassedMs is null or (>= 0 and < LongestAge))
        && message.Checks.DistinctBy(static check => check.Name, StringComparer.OrdinalIgnoreCase).Count() == message.Checks.Length
        && (message.Claims is null || (message.Claims.Count <= MostClaims && message.Claims.All(static claim => IsClaim(claim.Key, claim.Value))));

    /// <summary>Whether a claim can be told. Whatever the declared types say: one comes from JSON, the other from code of the app's.</summary>
    internal static bool IsClaim(string? name, string? value) => name is { Length: <= LongestClaimName } && IsText(name) && value is not null && IsText(value);

    private static bool IsText(string text) => text.Length is > 0 and <= LongestText && !text.Any(char.IsControl);
}
