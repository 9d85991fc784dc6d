using System.Text.Json.Serialization;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Redis.Steady;

/// <summary>What one client did of one kind of work, in all rounds: medians, and medians of what it was to plain StackExchange.Redis in the same round.</summary>
internal sealed record SteadyRow
{
    public string Scenario { get; } = "redis-steady";

    public required string Work { get; init; }

    public required string Command { get; init; }

    public required string Client { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Commands a second.</summary>
    public required double PerSecond { get; init; }

    /// <summary>What half of the commands, or of the batches of pipelined ones, took at most.</summary>
    public required double P50Us { get; init; }

    public required double P99Us { get; init; }

    /// <summary>What was allocated for a command.</summary>
    public required double BytesPerCommand { get; init; }

    /// <summary>Commands a second, of the plain client's.</summary>
    public required double Throughput { get; init; }

    /// <summary>What half of the commands took at most, of what the plain client's did.</summary>
    public required double Latency { get; init; }

    /// <summary>Bytes a command beyond the plain client's.</summary>
    public required double MoreBytes { get; init; }

    internal static SteadyRow Of(Work work, string client, IReadOnlyList<Measured> rounds, IReadOnlyList<Measured> plain)
    {
        double Median(Func<Measured, double> value, int digits) => Math.Round(Numbers.Median([.. rounds.Select(value)]), digits);
        double Compared(Func<Measured, Measured, double> value, int digits) => Math.Round(Numbers.Median([.. rounds.Zip(plain, value)]), digits);
        return new()
        {
            Work = work.Name,
            Command = work.Command,
            Client = client,
            Rounds = rounds.Count,
            PerSecond = Median(static one => one.PerSecond, 0),
            P50Us = Median(static one => one.P50, 1),
            P99Us = Median(static one => one.P99, 1),
            BytesPerCommand = Median(static one => one.Bytes, 1),
            Throughput = Compared(static (one, other) => one.PerSecond / other.PerSecond, 4),
            Latency = Compared(static (one, other) => one.P50 / other.P50, 4),
            MoreBytes = Compared(static (one, other) => one.Bytes - other.Bytes, 1),
        };
    }
}

/// <summary>The rows as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<SteadyRow>))]
internal sealed partial class SteadyRowJson : JsonSerializerContext;
