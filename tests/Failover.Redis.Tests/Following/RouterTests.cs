using Failover.Redis.Following;
using Failover.Redis.Probing;
using Failover.Redis.Sets;
using Failover.Redis.Tests.Probing;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Redis.Tests.Following;

/// <summary>When connections wait, by what a group and its nodes say.</summary>
public sealed class RouterTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly SentinelStandIn[] _servers = [.. Enumerable.Range(0, 3).Select(static _ => SentinelStandIn.Start(static command => command[0] == "INFO" ? Info.AsBulk(Info.Master(10) + "min_slaves_good_slaves:0\r\n") : "+PONG\r\n"))];
    private readonly Masters _masters = new();
    private readonly FailoverGroup _group;
    private readonly RedisSet _set;

    public RouterTests()
    {
        FailoverGroupBuilder builder = new FailoverGroupBuilder("cache").UseProbe(_masters).ElectByRole().Configure(ProbeDefaults.Set);
        foreach (SentinelStandIn server in _servers)
        {
            builder.AddMember(MemberOf(server));
        }

        _group = builder.Build();
        _set = new RedisSet("cache", new RedisGroupOptions { ConnectionString = "sentinel-a,serviceName=mymaster", HoldLimit = HoldLimit }, new SetParts { Time = _time });
    }

    [Fact]
    public async Task Each_new_master_that_has_no_replica_yet_is_waited_for_as_long_as_the_limit_though_another_was_before()
    {
        await BecomesMasterAsync(_servers[0]);
        using RedisRouter router = new(_group, _set);
        Assert.False(_set.Masters.State.IsHeld);

        await BecomesMasterAsync(_servers[1]);
        router.WatchReaders();
        _time.Advance(HoldLimit - Moment);
        Assert.True(_set.Masters.State.IsHeld);

        await BecomesMasterAsync(_servers[2]);
        router.WatchReaders();
        _time.Advance(2 * Moment);
        Assert.True(_set.Masters.State.IsHeld);
        _time.Advance(HoldLimit);
        Assert.False(_set.Masters.State.IsHeld);
    }

    public async ValueTask DisposeAsync()
    {
        await _group.DisposeAsync();
        await _set.DisposeAsync();
        foreach (SentinelStandIn server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static FailoverMember MemberOf(SentinelStandIn server) => new(new Uri($"redis://127.0.0.1:{server.Port}"));

    private async Task BecomesMasterAsync(SentinelStandIn server)
    {
        FailoverMember master = MemberOf(server);
        using CancellationTokenSource limit = new(Limit);
        await _set.Nodes.Of(master).AskAsync(limit.Token);
        _masters.Become(master);
        _group.Start();
        await Waiting.ForAsync(
            () => Task.FromResult(_group.Snapshot is { Condition: GroupCondition.Settled, Active: { } active } && active.Equals(master) ? master : null),
            TimeSpan.FromMilliseconds(5), Limit, () => $"{master.Name} as the master: {_group.Snapshot.Reason}");
    }

    /// <summary>Each node that becomes master does so at a higher epoch, and the one before is a replica at once.</summary>
    private sealed class Masters : IMemberProbe
    {
        private volatile Tuple<FailoverMember, Epoch>? _now;

        internal void Become(FailoverMember master) => _now = new(master, new Epoch("mymaster@0a1b2c3d", (_now?.Item2.Number ?? 0) + 1));

        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) =>
            new(_now is var (master, epoch) && member.Equals(master) ? ProbeResult.Success(MemberRole.Primary, epoch) : ProbeResult.Success(MemberRole.Replica, null));
    }
}
