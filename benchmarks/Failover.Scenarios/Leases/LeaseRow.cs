using System.Text.Json.Serialization;

namespace Failover.Scenarios.Leases;

/// <summary>One run of one client: who acted when something befell the holder, or the arbiter.</summary>
internal sealed record LeaseRow
{
    public string Scenario { get; } = "lease";

    /// <summary>Where the lease is kept.</summary>
    public required string Arbiter { get; init; }

    public required string Fault { get; init; }

    public required string Client { get; init; }

    /// <summary>The number of the run, from 1: the clients of one run met with the fault at the same time.</summary>
    public required int Run { get; init; }

    /// <summary>From the fault to the first act of the next holder; null if none acted while the run was watched.</summary>
    public required double? TakeoverMs { get; init; }

    /// <summary>For how long two acted: from the first act of a holder to the last of one before it. 0 if none did.</summary>
    public required double OverlapMs { get; init; }

    /// <summary>Acts in the run.</summary>
    public required int Acts { get; init; }

    /// <summary>Acts that a resource which compares tokens took, under a token that was over; of a client without tokens, acts that came in when another had acted.</summary>
    [JsonIgnore]
    public int LateActs { get; init; }

    /// <summary>What befell its health while the arbiter was away; null where that is not looked at.</summary>
    [JsonIgnore]
    public string? Health { get; init; }

    /// <summary>Whether anybody else than the holder acted while the arbiter was away.</summary>
    [JsonIgnore]
    public bool HasMoved { get; init; }
}

/// <summary>The rows as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<LeaseRow>))]
internal sealed partial class LeaseRowJson : JsonSerializerContext;
