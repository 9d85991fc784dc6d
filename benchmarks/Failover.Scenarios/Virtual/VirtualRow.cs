using System.Text.Json.Serialization;

namespace Failover.Scenarios.Virtual;

/// <summary>One run of one design: what a client of the virtual address saw, that calls it each 10 milliseconds over a new connection.</summary>
internal sealed record VirtualRow
{
    public string Scenario { get; } = "vrrp";

    public required string Fault { get; init; }

    public required string Design { get; init; }

    /// <summary>The number of the run, from 1.</summary>
    public required int Run { get; init; }

    /// <summary>From the fault to the first answer of the node that is to answer; null if it gave none while the run was watched, or none is to.</summary>
    public required double? SwitchMs { get; init; }

    /// <summary>The longest time without an answer of anybody; null if it did not end while the run was watched.</summary>
    public required double? GapMs { get; init; }

    /// <summary>Calls without an answer within three seconds.</summary>
    public required int Failed { get; init; }

    /// <summary>For how long both nodes had the address. A node that died has none.</summary>
    public required double DualMs { get; init; }

    /// <summary>From when something was so to when the apps told it; null if they did not while the run was watched, or it is not asked for.</summary>
    public double? ToldMs { get; init; }

    /// <summary>By what they knew it; null if it is not asked for.</summary>
    public string? ToldBy { get; init; }
}

/// <summary>The rows as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<VirtualRow>))]
internal sealed partial class VirtualRowJson : JsonSerializerContext;
