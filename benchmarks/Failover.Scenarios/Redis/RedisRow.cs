using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Scenarios.Redis;

/// <summary>One run of one client: what it was like for it that something befell its Redis.</summary>
internal sealed record RedisRow
{
    public string Scenario { get; } = "redis";

    public required string Fault { get; init; }

    public required string Client { get; init; }

    /// <summary>The number of the run, from 1: the clients of one run saw the same fault.</summary>
    public required int Run { get; init; }

    /// <summary>Writes acknowledged.</summary>
    public required int Acked { get; init; }

    /// <summary>Of these, those that the elected master has not, though a client can save them: the node that was promoted had them, or they went to an old master (<see cref="Stale"/>).</summary>
    public required int Lost { get; init; }

    /// <summary>Of the acknowledged, those that the elected master has not and that had not reached it when it was promoted: what asynchronous replication costs.</summary>
    public required int AsyncLost { get; init; }

    /// <summary>Writes of which the client cannot know.</summary>
    public required int Unknown { get; init; }

    /// <summary>Writes that were not made, for certain.</summary>
    public required int Failed { get; init; }

    /// <summary>The longest time without an acknowledged write that ended after the fault.</summary>
    public required double GapMs { get; init; }

    /// <summary>From when most of the sentinels had said <c>+switch-master</c> to the first write after it that the new master acknowledged; null if it had none, or if most did not say so.</summary>
    public required double? FollowMs { get; init; }

    /// <summary>Of the lost, those that an old master acknowledged when the new one took writes.</summary>
    public required int Stale { get; init; }

    /// <summary>As <see cref="GapMs"/>, of the writes that the elected master has.</summary>
    public required double KeptGapMs { get; init; }

    /// <summary>From the first write that the new master took of anyone who tried to the client's first on it; null if it had none.</summary>
    public required double? OracleFollowMs { get; init; }

    /// <summary>From the first <c>+try-failover</c> to when most of the sentinels had said <c>+switch-master</c>; null if they did not.</summary>
    public required double? SwitchMs { get; init; }

    /// <summary>From the first <c>+try-failover</c> to the first write that the new master took of anyone who tried: what nobody can be sooner than. Null if there was none.</summary>
    public required double? AcceptMs { get; init; }

    /// <summary>What only the table and the bars tell.</summary>
    [JsonIgnore]
    public RunDetails Details { get; init; } = new();
}

/// <summary>What is measured beside what the rows have.</summary>
internal sealed record RunDetails
{
    /// <summary>Rows that are there more than once.</summary>
    internal int Doubled { get; init; }

    /// <summary>Writes that the client called not executed, and that are there.</summary>
    internal int FailedButWritten { get; init; }

    /// <summary>Switchovers of our group; null for a peer.</summary>
    internal int? Switchovers { get; init; }

    /// <summary>How often the set moved its master.</summary>
    internal int Promotions { get; init; }

    /// <summary>From the fault until our group was no longer settled; null for a peer, or if it stayed so.</summary>
    internal double? SuspicionMs { get; init; }

    /// <summary>What our health check said before the fault; null for a peer.</summary>
    internal HealthStatus? HealthBefore { get; init; }

    /// <summary>The worst that it said while it was looked at; null if it was not, or for a peer.</summary>
    internal HealthStatus? HealthWorst { get; init; }

    /// <summary>How many looks that were.</summary>
    internal int HealthLooks { get; init; }

    /// <summary>What it said at the end.</summary>
    internal HealthStatus? HealthAfter { get; init; }

    /// <summary>Its words at the end, and the first ones of the worst.</summary>
    internal string? HealthWords { get; init; }

    /// <summary>What the writes failed with, and how often.</summary>
    internal IReadOnlyDictionary<string, int> Errors { get; init; } = new Dictionary<string, int>();

    /// <summary>How many cores other processes burned; null if none were told to.</summary>
    internal double? HogCores { get; init; }
}

/// <summary>The rows as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<RedisRow>))]
internal sealed partial class RedisRowJson : JsonSerializerContext;
