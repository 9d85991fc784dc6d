using Failover.Redis.Probing;
using Failover.Redis.Resp;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Failover.Redis.Tests.Probing;

/// <summary>A stand-in for a node, and what probes it.</summary>
internal sealed class ProbedNode : IAsyncDisposable
{
    internal static readonly Epoch Epoch = new("mymaster@0a1b2c3d", 7);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal ProbedNode(SentinelStandIn server, bool isNamed, RedisCredentials? credentials = null)
        : this(server, isNamed, _ => new(credentials))
    {
    }

    internal ProbedNode(SentinelStandIn server, bool isNamed, Func<CancellationToken, ValueTask<RedisCredentials?>> credentials)
    {
        Server = server;
        Nodes = new RedisNodes(Access(credentials), TimeProvider.System);
        Probe = ProbeOf(Nodes, isNamed);
        Member = new FailoverMember(new Uri($"redis://127.0.0.1:{server.Port}"));
    }

    internal SentinelStandIn Server { get; }

    internal RedisNodes Nodes { get; }

    internal FailoverMember Member { get; }

    internal RedisProbe Probe { get; }

    public async ValueTask DisposeAsync()
    {
        await Nodes.DisposeAsync();
        await Server.DisposeAsync();
    }

    internal static RespAccess Access(Func<CancellationToken, ValueTask<RedisCredentials?>> credentials) => new(credentials, null, "tests");

    /// <summary>A probe whose sentinels name whoever says that he is a master, or nobody.</summary>
    internal static RedisProbe ProbeOf(RedisNodes nodes, bool isNamed) => new(
        nodes,
        (_, saysMaster) => !saysMaster ? (MemberRole.Replica, null) : isNamed ? (MemberRole.Primary, Epoch) : (MemberRole.Unknown, null),
        new ReplicaLag("cache", new PositionClock(), static () => new LagOptions(), NullLogger.Instance),
        TimeProvider.System);

    internal static ProbedNode Saying(string ping, string? info, bool isNamed = true) => new(SentinelStandIn.Start(Answers(ping, info)), isNamed);

    internal static Func<IReadOnlyList<string>, string?> Answers(string ping, string? info) => command => command[0] switch
    {
        "PING" => ping,
        "INFO" => info,
        "ROLE" => "*1\r\n$6\r\nmaster\r\n",
        _ => "+OK\r\n",
    };

    internal Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken = default) => Probe.ProbeAsync(Member, cancellationToken).AsTask().WaitAsync(Limit, CancellationToken.None);

    internal Task<string> AskedAsync(string command) => Waiting.ForAsync(
        () => Task.FromResult(Server.Commands.FirstOrDefault(one => one.StartsWith(command, StringComparison.Ordinal))),
        TimeSpan.FromMilliseconds(2), Limit, () => command);
}
