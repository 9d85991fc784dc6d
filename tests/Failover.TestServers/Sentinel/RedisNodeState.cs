using System.Globalization;

namespace Failover.TestServers.Sentinel;

/// <summary>What a node says of itself.</summary>
/// <param name="IsMaster">Whether it takes itself for a master.</param>
/// <param name="MasterPort">As a replica: whose; else 0.</param>
/// <param name="IsLinkUp">As a replica: whether it is connected to its master, and in sync.</param>
/// <param name="Replicas">How many replicas stream from it.</param>
/// <param name="ReplicationId">The name of the history that it writes or follows: new with each promotion, and with each start that finds nothing.</param>
/// <param name="PreviousId">The history that it continued when it was promoted; zeros if it was not.</param>
/// <param name="PromotedAt">The first offset that is no longer of that history; -1 if it was not promoted.</param>
/// <param name="Offset">How many bytes of the history it has.</param>
public sealed record RedisNodeState(bool IsMaster, int MasterPort, bool IsLinkUp, int Replicas, string ReplicationId, string PreviousId, long PromotedAt, long Offset)
{
    internal static RedisNodeState Of(string info)
    {
        string[] lines = info.Split("\r\n");
        return new(
            Value("role") == "master",
            int.Parse(Value("master_port") ?? "0", CultureInfo.InvariantCulture),
            Value("master_link_status") == "up",
            lines.Count(static line => line.StartsWith("slave", StringComparison.Ordinal) && line.Contains(",state=online,", StringComparison.Ordinal)),
            Value("master_replid")!,
            Value("master_replid2")!,
            long.Parse(Value("second_repl_offset")!, CultureInfo.InvariantCulture),
            long.Parse(Value("master_repl_offset")!, CultureInfo.InvariantCulture));

        string? Value(string key) => lines.FirstOrDefault(line => line.StartsWith(key + ":", StringComparison.Ordinal))?[(key.Length + 1)..];
    }
}
