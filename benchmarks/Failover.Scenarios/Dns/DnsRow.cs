using System.Text.Json.Serialization;

namespace Failover.Scenarios.Dns;

/// <summary>What one client saw in one run.</summary>
internal sealed record DnsRow
{
    public string Scenario { get; } = "dns";

    /// <summary>Who answers for the name, and how it is moved there.</summary>
    public required string Provider { get; init; }

    public required string Fault { get; init; }

    public required string Client { get; init; }

    /// <summary>The number of the run, from 1. The clients of a run saw the same fault.</summary>
    public required int Run { get; init; }

    /// <summary>From the failure to when the keeper of the name knew it; null if it did not.</summary>
    public required double? DetectMs { get; init; }

    /// <summary>From then to the first new answer of the primary name server; null if there was none.</summary>
    public required double? SwitchMs { get; init; }

    /// <summary>From then to the first new answer of the last of all name servers; null if one gave none.</summary>
    public required double? VisibleMs { get; init; }

    /// <summary>From the failure to the first request of this client that the standby answered; null if there was none while it was watched.</summary>
    public required double? ClientMs { get; init; }
}

/// <summary>The rows as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<DnsRow>))]
internal sealed partial class DnsRowJson : JsonSerializerContext;
