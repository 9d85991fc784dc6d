using System.Text.Json.Serialization;

namespace Failover.Scenarios.Health;

/// <summary>One case with one endpoint. The names and the order, as far as <see cref="Leaked"/>, are agreed; what a case does not measure is null.</summary>
internal sealed record HealthRow
{
    public string Scenario { get; init; } = "health";

    public required string Case { get; init; }

    public required string Client { get; init; }

    /// <summary>Answers a second.</summary>
    public double? Rps { get; init; }

    /// <summary>Processor time of the server for one answer: the median of the rounds.</summary>
    public double? CpuMicros { get; init; }

    /// <summary>How often the check was run.</summary>
    public int? Executions { get; init; }

    /// <summary>Of the health endpoint; in the case <c>blocking</c> of another endpoint beside it.</summary>
    public double? P99Ms { get; init; }

    /// <summary>How often a secret was found, in bodies, headers and the log.</summary>
    public int? Leaked { get; init; }

    /// <summary>How many of <see cref="Leaked"/> in bodies and headers: to whoever asks.</summary>
    public int? LeakedToCallers { get; init; }

    /// <summary>The median, over the rounds, of the processor time beside that of <c>MapGet</c> in the same round.</summary>
    public double? Ratio { get; init; }

    /// <summary>A quarter of the rounds had less than this, a quarter more than <see cref="RatioHigh"/>: one round is a matter of who else had the cores.</summary>
    public double? RatioLow { get; init; }

    public double? RatioHigh { get; init; }

    /// <summary>How many executions of the check went on at once, at the most.</summary>
    public int? AtOnce { get; init; }

    /// <summary>How long the slowest answer took.</summary>
    public double? LongestMs { get; init; }

    /// <summary>The last answer's.</summary>
    public int? Status { get; init; }

    /// <summary>From the fault, or the signal, to the first 503; null if there was none.</summary>
    public double? First503Ms { get; init; }

    /// <summary>From the first 503 to the last; null if there was none.</summary>
    public double? Served503Ms { get; init; }

    /// <summary>From the signal to the first connection that was refused or broken.</summary>
    public double? RefusedMs { get; init; }

    /// <summary>Answers with 200 after the first 503.</summary>
    public int? OkAfter503 { get; init; }
}

/// <summary>The rows as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<HealthRow>))]
internal sealed partial class HealthRowJson : JsonSerializerContext;
