using System.Text.Json.Serialization;

namespace Failover.Scenarios.Reports;

/// <summary>
/// One run: a fault, a rate, a client. What is counted of requests is counted of those that were due while the fault held. The names and the order, as far as
/// <see cref="BackMs"/>, are the same for every scenario.
/// </summary>
internal sealed record Row
{
    public required string Scenario { get; init; }

    public required string Fault { get; init; }

    /// <summary>Requests a second.</summary>
    public required int Rate { get; init; }

    public required string Client { get; init; }

    public required int Requests { get; init; }

    public required int Failed { get; init; }

    /// <summary>Ended later than 0.5 s after they were due, well or not.</summary>
    public required int Slow { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    /// <summary>Requests handed to the transport for the primary while it could not serve, probes apart.</summary>
    public required int DeadHits { get; init; }

    public required int DeadHitsLast5s { get; init; }

    /// <summary>Orders that took effect more than once, by the servers' journals.</summary>
    public required int Doubled { get; init; }

    /// <summary>Orders that failed in a way that leaves open whether they took effect.</summary>
    public required int Unknown { get; init; }

    /// <summary>From the end of the fault until the primary answered a request again; null if it did not while the run was watched.</summary>
    public required double? BackMs { get; init; }

    /// <summary>How long the slowest took.</summary>
    public required double MaxMs { get; init; }

    /// <summary>Failed before the fault or after it.</summary>
    public required int FailedOutside { get; init; }

    /// <summary>Requests that the primary had begun and not ended when it was killed, by its own journal.</summary>
    public required int InFlight { get; init; }

    /// <summary>Probes sent to the primary while it could not serve.</summary>
    public required int Probes { get; init; }

    /// <summary>Connection attempts to the primary while it could not serve, those of probes too.</summary>
    public required int Connects { get; init; }

    /// <summary>Requests, probes apart, that the primary's journal shows for that time: the check on <see cref="DeadHits"/> where it lived.</summary>
    public required int Logged { get; init; }

    /// <summary>Switchovers of our own group in the whole run; null for a peer.</summary>
    public required int? Switchovers { get; init; }

    /// <summary>Requests that our own client did not send again because its retry budget was empty, in the whole run; null for a peer.</summary>
    public required int? Refused { get; init; }

    /// <summary>How many cores other processes burned while the fault held; null if none were told to.</summary>
    public required double? HogCores { get; init; }
}

/// <summary>The rows as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<Row>))]
internal sealed partial class RowJson : JsonSerializerContext;
