using System.Collections.Immutable;
using System.Globalization;
using Failover.Redis.Resp;

namespace Failover.Redis.Probing;

/// <summary>What a node said of itself.</summary>
/// <param name="IsMaster">Whether it takes itself for a master.</param>
/// <param name="Log">The name of the log that it writes or follows: new with each promotion, and with each start.</param>
/// <param name="Offset">A master: the end of its log. A replica: how far it has come in it, also while it has no link to its master.</param>
internal sealed record NodeAnswer(bool IsMaster, string Log, long Offset)
{
    /// <summary>The name of no log.</summary>
    private const string None = "0000000000000000000000000000000000000000";

    /// <summary>More than anybody has; what comes after them is not looked at.</summary>
    private const int MostReplicas = 100;

    /// <summary>Gets the log that its own one goes on from; null if it goes on from none.</summary>
    internal string? FormerLog { get; private init; }

    /// <summary>Gets how far both logs are the same; -1 without a former one.</summary>
    internal long FormerEnd { get; private init; } = -1;

    /// <summary>Gets whether it is in sync with its master and hears it. True for a master.</summary>
    internal bool IsLinkUp { get; private init; } = true;

    /// <summary>Gets whether it copies all data of its master anew.</summary>
    internal bool IsCopying { get; private init; }

    /// <summary>Gets since when it has lost its master; null if it has not, or never had it since it was started.</summary>
    internal TimeSpan? LinkDownFor { get; private init; }

    /// <summary>Gets how many replicas count for a master that needs some to take writes (<c>min-replicas-to-write</c>); null if it needs none, or is none.</summary>
    internal long? GoodReplicas { get; private init; }

    /// <summary>Gets the replicas that a master feeds.</summary>
    internal ImmutableArray<FedReplica> Replicas { get; private init; } = [];

    /// <summary>Gets what it answers to a plain <c>PING</c> in place of <c>PONG</c>; null if it does not refuse it.</summary>
    internal Refusal? Refuses { get; init; }

    /// <summary>Reads what <c>INFO replication</c> gives; null if it is no such answer.</summary>
    internal static NodeAnswer? Read(string? info)
    {
        Dictionary<string, string> fields = InfoFields.Of(info);
        return fields.GetValueOrDefault("role") switch
        {
            "master" => Read(fields, isMaster: true, "master_repl_offset") is { } master ? master with { Replicas = ReplicasIn(fields), GoodReplicas = TryNumber(fields, "min_slaves_good_slaves", out long good) ? good : null } : null,
            "slave" => Read(fields, isMaster: false, "slave_repl_offset") is { } replica ? replica with
            {
                IsLinkUp = fields.GetValueOrDefault("master_link_status") == "up",
                IsCopying = fields.GetValueOrDefault("master_sync_in_progress") == "1",
                LinkDownFor = TryNumber(fields, "master_link_down_since_seconds", out long seconds) && seconds <= int.MaxValue ? TimeSpan.FromSeconds(seconds) : null,
            }
            : null,
            _ => null,
        };
    }

    private static NodeAnswer? Read(Dictionary<string, string> fields, bool isMaster, string place)
    {
        if (fields.GetValueOrDefault("master_replid") is not { } log || !IsLog(log) || !TryNumber(fields, place, out long offset))
        {
            return null;
        }

        NodeAnswer answer = new(isMaster, log, offset);
        return fields.GetValueOrDefault("master_replid2") is { } former && former != None && IsLog(former) && TryNumber(fields, "second_repl_offset", out long begin)
            ? answer with { FormerLog = former, FormerEnd = begin - 1 }
            : answer;
    }

    /// <summary>Reads lines like <c>slave0:ip=10.0.0.2,port=6379,state=online,offset=1234,lag=0</c>.</summary>
    private static ImmutableArray<FedReplica> ReplicasIn(Dictionary<string, string> fields)
    {
        ImmutableArray<FedReplica>.Builder replicas = ImmutableArray.CreateBuilder<FedReplica>();
        for (int i = 0; i < MostReplicas && fields.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"slave{i}"), out string? line); i++)
        {
            Dictionary<string, string> parts = new(StringComparer.Ordinal);
            foreach (string part in line.Split(','))
            {
                int equals = part.IndexOf('=', StringComparison.Ordinal);
                parts.TryAdd(equals < 0 ? part : part[..equals], equals < 0 ? "" : part[(equals + 1)..]);
            }

            if (parts.GetValueOrDefault("ip") is { } host && TryNumber(parts, "port", out long port) && port is > 0 and <= 65_535 && TryNumber(parts, "offset", out long offset))
            {
                replicas.Add(new FedReplica(host, (int)port, parts.GetValueOrDefault("state") == "online", offset));
            }
        }

        return replicas.ToImmutable();
    }

    private static bool IsLog(string text) => text.Length == None.Length && text.All(char.IsAsciiHexDigit);

    private static bool TryNumber(Dictionary<string, string> fields, string key, out long number) =>
        long.TryParse(fields.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>A replica that a master feeds, by the master's word.</summary>
/// <param name="Host">Where it comes from, or says that it is.</param>
/// <param name="Port">The port that it listens on.</param>
/// <param name="IsOnline">Whether it has all data, and gets what is new.</param>
/// <param name="Offset">How much of the log it has acknowledged.</param>
internal sealed record FedReplica(string Host, int Port, bool IsOnline, long Offset);
