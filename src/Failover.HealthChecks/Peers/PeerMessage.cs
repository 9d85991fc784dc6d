using System.Text.Json.Serialization;

namespace Failover.HealthChecks.Peers;

/// <summary>What a node says of itself to its peers. No words of checks, and nothing that they measured.</summary>
internal sealed record PeerMessage
{
    /// <summary>Its name.</summary>
    public required string Node { get; init; }

    /// <summary>Its wall clock, in milliseconds since 1970.</summary>
    public required long Clock { get; init; }

    /// <summary>Which revision it has; null if it says none.</summary>
    public string? Revision { get; init; }

    public required bool Operational { get; init; }

    public required bool CanServe { get; init; }

    public required bool Alive { get; init; }

    /// <summary>Its failover groups.</summary>
    public required PeerGroup[] Groups { get; init; }

    /// <summary>Its checks.</summary>
    public required PeerCheck[] Checks { get; init; }

    /// <summary>What else it claims, by name; null if nothing, as of a node of a version that knows none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? Claims { get; init; }
}
