using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Following;

/// <summary>Faults that end where they began, and reads from replicas.</summary>
[Collection(OnOtherSentinels.Name)]
public class OtherFaultsTests(SharedSentinels shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ServerFact("redis-server")]
    public async Task A_master_that_sleeps_for_a_moment_is_waited_for_and_nothing_moves()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set);
        RedisNode master = await set.WaitForMasterAsync();
        Guid? before = app.Redis.Group.Snapshot.LastSwitchover?.Id;
        await await master.SleepAsync(TimeSpan.FromSeconds(1));
        await app.WriteAsync(100);

        AuditedWrites audited = await app.AuditAsync();
        output.WriteLine($"{audited.Report}");
        Assert.Equal(before, app.Redis.Group.Snapshot.LastSwitchover?.Id);
        Assert.True(audited.Report is { Failed: 0, Lost: [], Stale: [], AsyncLost: [], Doubled: [], FailedButWritten: [] }, audited.Report.ToString());
    }

    [FullFact]
    public async Task After_a_failover_that_comes_to_nothing_writes_go_on_with_the_old_master()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set, static builder => builder.Options.HoldLimit = TimeSpan.FromSeconds(2));
        FailoverMember? before = app.Redis.Group.Snapshot.Active;
        await set.AbortFailoverAsync();
        await app.WriteAsync(100);

        AuditedWrites audited = await app.AuditAsync();
        output.WriteLine($"{audited.Report}");
        Assert.Equal(before, app.Redis.Group.Snapshot.Active);
        Assert.True(audited.Report is { Failed: 0, Unknown: 0, Lost: [], Stale: [], AsyncLost: [], Doubled: [] }, audited.Report.ToString());
    }

    [FullFact]
    public async Task The_master_of_a_set_that_was_rebuilt_is_taken_when_somebody_trusts_it()
    {
        SentinelSet set = await shared.HealthyAsync();
        await set.SwitchAsync();
        await using FailoverRedis redis = new FailoverRedisBuilder("cache", set.ConnectionString).Build();
        await redis.Group.WaitForActiveAsync(CancellationToken.None).AsTask().WaitAsync(Limit);
        string lineage = redis.Group.Snapshot.Epoch!.Value.Lineage;
        await set.RebuildAsync();
        string? told = await Waiting.ForAsync(
            () => Task.FromResult(redis.Group.Snapshot.Members.Select(static member => member.Epoch?.Lineage).FirstOrDefault(its => its is not null && its != lineage)),
            TimeSpan.FromMilliseconds(50), Limit, () => redis.Group.Snapshot.Reason ?? "no reason");
        Assert.Null(redis.Group.Snapshot.Active);

        redis.Group.TrustLineage(told!);
        FailoverMember active = await redis.Group.WaitForActiveAsync(CancellationToken.None).AsTask().WaitAsync(Limit);
        Assert.Equal(set.Nodes[0].Port, active.Address.Port);
        Assert.True(await (await redis.ConnectAsync(CancellationToken.None)).GetDatabase().StringSetAsync("new", "1").WaitAsync(Limit));
    }

    [ServerFact("redis-server")]
    public async Task Reads_that_may_be_behind_go_to_a_replica_and_writes_over_that_connection_are_refused()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using FailoverRedis redis = new FailoverRedisBuilder("cache", set.ConnectionString).ConfigureConnection(static options => options.AllowAdmin = true).Build();
        IDatabase master = (await redis.ConnectAsync(CancellationToken.None).WaitAsync(Limit)).GetDatabase();
        await Waiting.ForAsync(() => Task.FromResult(redis.Group.Snapshot.Readable.Length == 2 ? redis : null), TimeSpan.FromMilliseconds(10), Limit, static () => "two replicas that are fit for reads");
        IDatabase replica = redis.Replicas.GetDatabase();
        await master.StringSetAsync("read", "me").WaitAsync(Limit);

        await Waiting.ForAsync(async () => await replica.StringGetAsync("read") == "me" ? redis : null, TimeSpan.FromMilliseconds(10), Limit, static () => "what was written on the replica");
        int port = int.Parse((await replica.ExecuteAsync("CONFIG", "GET", "port"))[1].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(port, redis.Group.Snapshot.Readable.Select(static member => member.Member.Address.Port));
        Exception refused = await Assert.ThrowsAnyAsync<RedisException>(() => replica.StringSetAsync("write", "me"));
        Assert.NotEqual(RedisExecution.Unknown, RedisOutcome.Of(refused));

        // It is left when it is gone.
        await set.Nodes.Single(node => node.Port == port).KillAsync();
        await Waiting.ForAsync(
            async () =>
            {
                try
                {
                    return (await replica.ExecuteAsync("CONFIG", "GET", "port"))[1].ToString() != $"{port}" ? redis : null;
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    return null;
                }
            },
            TimeSpan.FromMilliseconds(10), Limit, static () => "reads from another node");
    }
}
