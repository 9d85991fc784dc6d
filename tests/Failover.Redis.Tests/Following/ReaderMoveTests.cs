using Failover.Redis.Following;
using Failover.Redis.Probing;
using Failover.Redis.Sets;
using Failover.TestServers;
using Failover.TestServers.Servers;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Following;

/// <summary>Reads that are on their way when they are led elsewhere, of two real servers; what these are, the test says.</summary>
public sealed class ReaderMoveTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private RedisServer[] _servers = [];
    private Roles _roles = null!;
    private FailoverGroup _group = null!;
    private RedisSet _set = null!;

    public async Task InitializeAsync()
    {
        _servers = [await RedisServer.StartAsync("--enable-debug-command", "local"), await RedisServer.StartAsync("--enable-debug-command", "local")];
        FailoverMember[] members = [.. _servers.Select(static server => new FailoverMember(new Uri($"redis://{server.Endpoint}")))];
        _roles = new Roles(members[0]);
        FailoverGroupBuilder builder = new FailoverGroupBuilder("cache").UseProbe(_roles).ElectByRole().Configure(ProbeDefaults.Set);
        Array.ForEach(members, member => builder.AddMember(member));
        _group = builder.Build();
        _set = new RedisSet("cache", new RedisGroupOptions { ConnectionString = "sentinel-a,serviceName=mymaster,allowAdmin=true,syncTimeout=60000" }, new SetParts());
    }

    [ServerFact("redis-server")]
    public async Task They_are_answered_by_the_node_that_still_serves_and_what_comes_later_goes_to_the_next_one()
    {
        await BecomesAsync(TimeSpan.FromHours(1));
        using RedisRouter router = new(_group, _set);
        router.WatchReaders();
        await using ConnectionMultiplexer reader = await ConnectionMultiplexer.ConnectAsync(_set.For(_set.Replicas)).WaitAsync(Limit);
        IDatabase database = reader.GetDatabase();

        // From the master to a replica that is fit now, and back when that is too far behind.
        int turnsWithErrors = 0;
        for (int turn = 0; turn < 4; turn++)
        {
            Assert.Equal(_servers[turn % 2].Port, await PortAsync(database));
            Task slow = database.ExecuteAsync("DEBUG", "SLEEP", "0.1");
            Task[] sent = [slow, .. Enumerable.Range(0, 100).Select(_ => database.StringGetAsync("k"))];
            await BecomesAsync(turn % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromHours(1));
            router.WatchReaders();

            await Task.WhenAll(sent).WaitAsync(Limit).ContinueWith(static _ => { }, TaskScheduler.Default);
            turnsWithErrors += Array.TrueForAll(sent, static one => one.IsCompletedSuccessfully) ? 0 : 1;
            await Waiting.ForAsync(async () => await PortAsync(database) == _servers[(turn + 1) % 2].Port ? database : null, Look, Limit, static () => "the next node");
        }

        output.WriteLine($"{_set.Replicas.State}, {turnsWithErrors} turns with errors");
        Assert.Equal(4, _set.Replicas.State.Handoffs);

        // A process that gets no turn for 300 ms is not waited for.
        Assert.InRange(turnsWithErrors, 0, 1);
    }

    [ServerFact("redis-server")]
    public async Task A_node_that_is_given_up_is_left_at_once()
    {
        await BecomesAsync(TimeSpan.Zero);
        using RedisRouter router = new(_group, _set);
        router.WatchReaders();
        await using ConnectionMultiplexer reader = await ConnectionMultiplexer.ConnectAsync(_set.For(_set.Replicas)).WaitAsync(Limit);
        IDatabase database = reader.GetDatabase();
        Assert.Equal(_servers[1].Port, await PortAsync(database));

        _servers[1].Freeze();
        Task<RedisValue> sent = database.StringGetAsync("k");
        await BecomesAsync(lag: null);
        router.WatchReaders();
        await Assert.ThrowsAsync<RedisConnectionException>(() => sent.WaitAsync(Limit));
        Assert.Equal(_servers[0].Port, await PortAsync(database));
        Assert.Equal(0, _set.Replicas.State.Handoffs);
    }

    public async Task DisposeAsync()
    {
        await _group.DisposeAsync();
        await _set.DisposeAsync();
        foreach (RedisServer server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<int> PortAsync(IDatabase database) =>
        int.Parse((await database.ExecuteAsync("CONFIG", "GET", "port").WaitAsync(Limit))[1].ToString(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Has the replica say how far it is behind, and waits until the group knows.</summary>
    /// <param name="lag">Null: it does not answer.</param>
    private async Task BecomesAsync(TimeSpan? lag)
    {
        _roles.Lag = lag;
        _group.Start();
        await Waiting.ForAsync(
            () =>
            {
                _group.Hint(new Hint(HintKind.LookNow, "test"));
                return Task.FromResult(_group.Snapshot is { Condition: GroupCondition.Settled } now && now.Members[1] is { Verdict: not Verdict.Suspect } replica && (lag is null ? replica.Verdict == Verdict.Unhealthy : replica.Lag == lag) ? now : null);
            },
            Look, Limit, () => $"a replica that is {lag} behind");
    }

    /// <summary>The first node is the master, the other one its replica.</summary>
    private sealed class Roles(FailoverMember master) : IMemberProbe
    {
        private static readonly Epoch Epoch = new("mymaster@0a1b2c3d", 7);

        private volatile object? _lag;

        internal TimeSpan? Lag
        {
            set => _lag = value;
        }

        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) => new(
            member.Equals(master) ? ProbeResult.Success(MemberRole.Primary, Epoch)
            : _lag is TimeSpan lag ? ProbeResult.Success(MemberRole.Replica, null) with { Lag = lag }
            : ProbeResult.Failure("down"));
    }
}
