using Failover.TestServers.Network;
using Failover.TestServers.Resp;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Sentinel;

/// <summary>A Redis of a set: master or replica. It keeps what the sentinels make of it in its configuration, as servers do: an old master that is started again begins as a master.</summary>
public sealed class RedisNode : RespServer
{
    private readonly SentinelSet _set;
    private Relay? _relay;

    internal RedisNode(string name, SentinelSet set)
        : base(name) => _set = set;

    /// <summary>Gets a network between clients and this node alone, which can fail: sentinels and replicas do not use it. A client comes here by mapping <see cref="LoopbackServer.Port"/> to the relay's.</summary>
    public Relay Relay => _relay ??= Relay.Start(Port);

    /// <inheritdoc/>
    protected override string ReadyWords => "Ready to accept connections";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command => [RequiredServer.Locate("redis-server"), SettingsFile];

    private protected override string? Password => _set.Password;

    private protected override ServerCertificate? Certificate => _set.Certificate;

    private protected override IEnumerable<string> Settings =>
    [
        "save \"\"", "enable-debug-command local", "repl-diskless-sync-delay 0",
        .. Password is null ? [] : new[] { $"masterauth {Password}" },
        .. _set.Users is { } users ? new[] { users.ClientLine } : [],
        .. this == _set.Nodes[0] ? [] : new[] { $"replicaof {Host} {_set.Nodes[0].Port}" },
        .. _set.Options.NodeSettings,
    ];

    /// <summary>Asks the node itself what it is.</summary>
    /// <returns>Null if it does not answer.</returns>
    public async Task<RedisNodeState?> StateAsync() => await TryAskAsync("INFO", "replication") is string said ? RedisNodeState.Of(said) : null;

    /// <summary>Waits until the node says of itself what is asked for.</summary>
    /// <exception cref="TimeoutException">It did not within the limit.</exception>
    public Task<RedisNodeState> WaitAsync(Func<RedisNodeState, bool> isSo, TimeSpan limit)
    {
        RedisNodeState? last = null;
        return Waiting.ForAsync(async () => (last = await StateAsync()) is { } state && isSo(state) ? state : null, TimeSpan.FromMilliseconds(2), limit, () => $"{Name}, which says {last?.ToString() ?? "nothing"}.");
    }

    /// <summary>Lets the server do nothing for a while by <c>DEBUG SLEEP</c>: its process lives, and answers nobody.</summary>
    /// <returns>A task that ends when the server answers again.</returns>
    public async Task<Task> SleepAsync(TimeSpan time)
    {
        RespConnection connection = await ConnectAsync(CancellationToken.None);
        await connection.SendAsync(CancellationToken.None, ["DEBUG", "SLEEP", FormattableString.Invariant($"{time.TotalSeconds}")]);
        return WakeAsync(connection);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_relay is { } relay)
        {
            await relay.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    internal async Task MendNetworkAsync()
    {
        if (_relay is { } relay)
        {
            await relay.BecomeAsync(RelayMode.Pass);
        }
    }

    private static async Task WakeAsync(RespConnection connection)
    {
        await using RespConnection one = connection;
        await one.ReadAsync(CancellationToken.None);
    }
}
