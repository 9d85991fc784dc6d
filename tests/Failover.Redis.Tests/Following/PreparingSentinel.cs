using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Following;

/// <summary>Stands in for the only sentinel of real nodes: it prefers a replica for a failover when the test says so, and refuses each that it is asked for.</summary>
internal sealed class PreparingSentinel : IAsyncDisposable
{
    private readonly SentinelStandIn _sentinel;

    private PreparingSentinel(RedisNode master, RedisNode[] replicas, RedisNode target, string refusal)
    {
        _sentinel = SentinelStandIn.Start(command => string.Join(' ', command.Take(2)).ToUpperInvariant() switch
        {
            "SENTINEL MYID" => "$40\r\n" + new string('a', 40) + "\r\n",
            "SENTINEL GET-MASTER-ADDR-BY-NAME" => SentinelStandIn.Array("127.0.0.1", $"{master.Port}"),
            "SENTINEL MASTER" => SentinelStandIn.Array("name", "mymaster", "ip", "127.0.0.1", "port", $"{master.Port}", "flags", "master", "num-other-sentinels", "0", "quorum", "1", "config-epoch", "7", "down-after-milliseconds", "3000", "failover-timeout", "5000"),
            "SENTINEL SENTINELS" => SentinelStandIn.Array(),
            "SENTINEL REPLICAS" => $"*{replicas.Length}\r\n" + string.Concat(replicas.Select(replica =>
                SentinelStandIn.Array("ip", "127.0.0.1", "port", $"{replica.Port}", "flags", "slave", "slave-priority", Prefers && replica == target ? "1" : "100"))),
            "SENTINEL FAILOVER" => refusal + "\r\n",
            _ => "+PONG\r\n",
        });
        Settings = $"127.0.0.1:{_sentinel.Port},serviceName=mymaster";
    }

    /// <summary>Gets or sets whether it has seen that the target is to be preferred.</summary>
    internal bool Prefers { get; set; }

    /// <summary>Gets the connection string that leads to it.</summary>
    internal string Settings { get; }

    /// <summary>Gets how often it was asked for the replicas: once a second by those who watch, each 20 ms by a switch that waits for what it prefers.</summary>
    internal int Looks => _sentinel.Commands.Count(static command => command == "SENTINEL REPLICAS mymaster");

    /// <summary>Gets whether a failover was asked for.</summary>
    internal bool IsAsked => _sentinel.Commands.Contains("SENTINEL FAILOVER mymaster");

    internal static PreparingSentinel Start(RedisNode master, RedisNode[] replicas, RedisNode target, string refusal = "-NOGOODSLAVE No suitable replica to promote") => new(master, replicas, target, refusal);

    public ValueTask DisposeAsync() => _sentinel.DisposeAsync();
}
