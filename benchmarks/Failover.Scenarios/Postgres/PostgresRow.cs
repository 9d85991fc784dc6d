using System.Text.Json.Serialization;

namespace Failover.Scenarios.Postgres;

/// <summary>One run of one client: what it was like for it that the cluster lost its primary.</summary>
internal sealed record PostgresRow
{
    public string Scenario { get; } = "postgres";

    public required string Fault { get; init; }

    public required string Client { get; init; }

    /// <summary>The number of the run, from 1: the clients of one run saw the same fault.</summary>
    public required int Run { get; init; }

    /// <summary>From the fault to the end of the first write that failed; null if none did.</summary>
    public required double? DetectMs { get; init; }

    /// <summary>From the first write that the new primary took of anyone who tried to the client's first; null if it had none while it was watched.</summary>
    public required double? FollowMs { get; init; }

    /// <summary>Writes that were not acknowledged, from the fault on.</summary>
    public required int Failed { get; init; }

    /// <summary>The longest write that ended after the fault.</summary>
    public required double SlowestMs { get; init; }

    /// <summary>Writes acknowledged and missing, though the primary that is left could have them.</summary>
    public required int Lost { get; init; }

    /// <summary>Writes acknowledged and missing that the new primary did not have when it was promoted: what asynchronous replication costs.</summary>
    public required int AsyncLost { get; init; }

    /// <summary>Rows that are there more than once.</summary>
    public required int Doubled { get; init; }

    /// <summary>Writes acknowledged by an old primary after a new one had begun.</summary>
    public required int Stale { get; init; }

    /// <summary>What only the table and the bars tell.</summary>
    [JsonIgnore]
    public RunDetails Details { get; init; } = new();
}

/// <summary>What is measured beside what the rows have.</summary>
internal sealed record RunDetails
{
    /// <summary>What half of the writes took before the fault, at most.</summary>
    internal double SteadyMs { get; init; }

    /// <summary>Writes that the caller saw refused by a node that takes none: SQLSTATE 25006.</summary>
    internal int ReadOnlyErrors { get; init; }

    /// <summary>Writes that the client called not executed, and that are there.</summary>
    internal int FailedButWritten { get; init; }

    /// <summary>From the fault until our group was no longer settled; null for a peer, or if it stayed so.</summary>
    internal double? SuspicionMs { get; init; }

    /// <summary>From the new primary's first write of anyone until our group was settled on it; null for a peer, or if it was not.</summary>
    internal double? SettledMs { get; init; }

    /// <summary>Switchovers of our group; null for a peer.</summary>
    internal int? Switchovers { get; init; }

    /// <summary>Timelines that the cluster began in the run.</summary>
    internal int Promotions { get; init; }

    /// <summary>What the writes failed with, and how often.</summary>
    internal IReadOnlyDictionary<string, int> Errors { get; init; } = new Dictionary<string, int>();

    /// <summary>How many callers were served, of those that waited; null if that was not asked.</summary>
    internal int? Served { get; init; }

    /// <summary>How many sessions of our probe a node had at a time at most; null if that was not asked.</summary>
    internal int? ProbeSessions { get; init; }

    /// <summary>How many cores other processes burned; null if none were told to.</summary>
    internal double? HogCores { get; init; }
}

/// <summary>The rows as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<PostgresRow>))]
internal sealed partial class PostgresRowJson : JsonSerializerContext;
