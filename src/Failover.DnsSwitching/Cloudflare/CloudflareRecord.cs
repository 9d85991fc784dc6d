using System.Text.Json;

namespace Failover.DnsSwitching.Cloudflare;

/// <summary>A record, as far as it is understood or carried over. What is null is not sent.</summary>
internal sealed record CloudflareRecord
{
    /// <summary>The time to live «automatic», which is <see cref="Automatic"/>.</summary>
    internal const int AutomaticTtl = 1;

    internal static readonly TimeSpan Automatic = TimeSpan.FromSeconds(300);

    public string? Id { get; init; }

    public string? Type { get; init; }

    public string? Name { get; init; }

    public string? Content { get; init; }

    public int? Ttl { get; init; }

    public bool? Proxied { get; init; }

    public string? Comment { get; init; }

    public string[]? Tags { get; init; }

    public JsonElement? Settings { get; init; }

    public string? ModifiedOn { get; init; }

    internal TimeSpan TimeToLive => Ttl is null or AutomaticTtl ? Automatic : TimeSpan.FromSeconds(Math.Max(0, Ttl.Value));
}

/// <summary>Changes of records that are made together, or not at all: first what is deleted, then what is patched, then what is posted.</summary>
internal sealed record CloudflareBatch
{
    public IReadOnlyList<CloudflareRecord>? Deletes { get; init; }

    public IReadOnlyList<CloudflareRecord>? Patches { get; init; }

    public IReadOnlyList<CloudflareRecord>? Posts { get; init; }

    /// <summary>The records without which it fails.</summary>
    internal IEnumerable<string?> Ids => (Deletes ?? []).Concat(Patches ?? []).Select(static record => record.Id);
}
