using System.Text.Json.Serialization;

namespace Failover.DnsSwitching.Cloudflare;

/// <summary>What the API takes and answers, as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 16)]
[JsonSerializable(typeof(CloudflareBatch), TypeInfoPropertyName = "Batch")]
[JsonSerializable(typeof(CloudflareAnswer<CloudflareBatch>), TypeInfoPropertyName = "BatchAnswer")]
[JsonSerializable(typeof(CloudflareAnswer<CloudflareRecord?[]>), TypeInfoPropertyName = "ListAnswer")]
internal sealed partial class CloudflareJson : JsonSerializerContext;

/// <summary>What comes around each result.</summary>
internal sealed record CloudflareAnswer<T>
    where T : class
{
    public bool Success { get; init; }

    public CloudflareError?[]? Errors { get; init; }

    public T? Result { get; init; }

    public CloudflarePages? ResultInfo { get; init; }
}

internal sealed record CloudflareError
{
    public int Code { get; init; }

    public string? Message { get; init; }

    /// <summary>What it came of, such as what is wrong with the headers that are called invalid.</summary>
    public CloudflareError?[]? ErrorChain { get; init; }
}

internal sealed record CloudflarePages
{
    public int TotalPages { get; init; }
}
