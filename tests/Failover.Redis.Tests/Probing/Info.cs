using System.Globalization;
using System.Text;

namespace Failover.Redis.Tests.Probing;

/// <summary>What Redis 7.0 answers to <c>INFO replication</c>.</summary>
internal static class Info
{
    internal const string Log = "042e2aafc0555e7d193493fe85da44a7c84fdb13";
    internal const string Former = "8f1b29c4a3d07e56b1f0c2d3e4f5a6b7c8d9e0f1";
    internal const string Stranger = "1111111111111111111111111111111111111111";

    private const string NoLog = "0000000000000000000000000000000000000000";

    internal static string Master(long offset, string log = Log, string? former = null, long formerEnd = -1) => Lines(
        "# Replication",
        "role:master",
        "connected_slaves:2",
        $"slave0:ip=10.0.0.2,port=6379,state=online,offset={Text(offset)},lag=0",
        "slave1:ip=10.0.0.3,port=6380,state=wait_bgsave,offset=0,lag=1",
        "master_failover_state:no-failover",
        $"master_replid:{log}",
        $"master_replid2:{former ?? NoLog}",
        $"master_repl_offset:{Text(offset)}",
        $"second_repl_offset:{Text(former is null ? -1 : formerEnd + 1)}",
        "repl_backlog_active:1");

    /// <param name="offset">How far it has come.</param>
    /// <param name="log">The log that it follows.</param>
    /// <param name="downFor">Null: its link is up; -1: it never was.</param>
    /// <param name="isCopying">Whether it copies all data.</param>
    internal static string Replica(long offset, string log = Log, int? downFor = null, bool isCopying = false) => Lines([
        "# Replication",
        "role:slave",
        "master_host:10.0.0.1",
        "master_port:6379",
        $"master_link_status:{(downFor is null ? "up" : "down")}",
        "master_last_io_seconds_ago:5",
        $"master_sync_in_progress:{(isCopying ? 1 : 0)}",
        $"slave_read_repl_offset:{Text(offset + 7)}",
        $"slave_repl_offset:{Text(offset)}",
        .. downFor is { } seconds ? new[] { $"master_link_down_since_seconds:{Text(seconds)}" } : [],
        "connected_slaves:0",
        $"master_replid:{log}",
        $"master_replid2:{NoLog}",
        $"master_repl_offset:{Text(offset)}",
        "second_repl_offset:-1"]);

    internal static string AsBulk(string text) => $"${Text(Encoding.UTF8.GetByteCount(text))}\r\n{text}\r\n";

    private static string Lines(params string[] lines) => string.Join("\r\n", lines) + "\r\n";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
