using Failover.Redis.Probing;
using Failover.Redis.Resp;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Redis.Tests.Probing;

/// <summary>The lag that is told, in looks at a master and a replica of which the test knows what they have.</summary>
public class ReplicaLagTests
{
    private static readonly RespAccess Access = new(static _ => new((RedisCredentials?)null), null, "tests");

    private readonly RedisNode _master = Node(6379);
    private readonly RedisNode _replica = Node(6380);
    private readonly FakeLogger _logger = new();
    private readonly ReplicaLag _lag;

    public ReplicaLagTests() => _lag = new ReplicaLag("cache", new PositionClock(), static () => new LagOptions(), _logger);

    [Fact]
    public void On_an_idle_master_a_replica_that_has_everything_is_not_behind()
    {
        for (int at = 0; at < 100; at++)
        {
            LookAtMaster(at, Info.Master(500));

            Assert.Equal(TimeSpan.Zero, LookAtReplica(at + 0.1, Info.Replica(500)));
        }

        Assert.Equal(0, _replica.Place!.Bytes);
    }

    [Fact]
    public void A_replica_that_has_already_what_the_master_was_not_yet_asked_for_is_not_behind()
    {
        LookAtMaster(1, Info.Master(500));

        Assert.Equal(TimeSpan.Zero, LookAtReplica(1.1, Info.Replica(900)));
    }

    [Fact]
    public void Of_a_replica_that_stays_ahead_of_its_master_nothing_is_known()
    {
        LookAtMaster(0, Info.Master(500));
        Assert.Equal(TimeSpan.Zero, LookAtReplica(1, Info.Replica(900)));
        LookAtMaster(10, Info.Master(500));

        Assert.Null(LookAtReplica(10.1, Info.Replica(900)));
    }

    [Fact]
    public void A_replica_that_stands_still_while_the_master_writes_is_the_later_the_longer_it_lasts()
    {
        List<TimeSpan> told = [];
        for (int at = 0; at <= 20; at++)
        {
            LookAtMaster(at, Info.Master(1000 + (100 * at)));
            told.Add(LookAtReplica(at + 0.1, Info.Replica(at < 5 ? 1000 + (100 * at) : 1500))!.Value);
        }

        Assert.All(told[..6], static lag => Assert.Equal(TimeSpan.Zero, lag));
        Assert.InRange(told[20].TotalSeconds, 14, 15.2);
        Assert.True(told[20] > told[10]);
        Assert.Equal(1500, _replica.Place!.Bytes);
    }

    [Fact]
    public void A_replica_without_a_link_is_behind_by_the_time_since_it_lost_it_at_least()
    {
        LookAtMaster(0, Info.Master(500));

        Assert.Equal(TimeSpan.FromSeconds(3), LookAtReplica(3, Info.Replica(500, downFor: 3)));
        Assert.Equal(TimeSpan.FromSeconds(60), LookAtReplica(60, Info.Replica(500, downFor: 60)));

        // It lacked something before that.
        LookAtMaster(61, Info.Master(900));
        Assert.InRange(LookAtReplica(90, Info.Replica(400, downFor: 2))!.Value.TotalSeconds, 89, 90);
    }

    [Fact]
    public void As_long_as_no_master_was_seen_only_a_lost_link_tells_something()
    {
        Assert.Null(LookAtReplica(1, Info.Replica(500)));
        Assert.Null(LookAtReplica(2, Info.Replica(500, downFor: -1)));
        Assert.Equal(TimeSpan.FromSeconds(7), LookAtReplica(3, Info.Replica(500, downFor: 7)));
    }

    [Fact]
    public void Of_a_replica_with_another_log_nothing_is_known()
    {
        LookAtMaster(0, Info.Master(500));

        Assert.Null(LookAtReplica(1, Info.Replica(500, Info.Stranger)));
        Assert.Null(LookAtReplica(2, Info.Replica(500, Info.Stranger, downFor: 2)));
        Assert.Null(_replica.Place!.Bytes);
    }

    [Fact]
    public void A_promotion_goes_on_with_the_log_and_a_replica_that_has_not_followed_yet_has_not_caught_up_by_it()
    {
        LookAtMaster(0, Info.Master(1000, Info.Former), epoch: 1);
        LookAtMaster(10, Info.Master(2000, Info.Former), epoch: 1);
        LookAtMaster(12, Info.Master(1900, Info.Log, Info.Former, 1900), epoch: 2);
        LookAtMaster(13, Info.Master(3000, Info.Log, Info.Former, 1900), epoch: 2);

        Assert.InRange(LookAtReplica(20, Info.Replica(1500, Info.Former))!.Value.TotalSeconds, 10, 15.1);
        Assert.InRange(LookAtReplica(20, Info.Replica(1900, Info.Former))!.Value.TotalSeconds, 7, 8);
        Assert.Equal(TimeSpan.Zero, LookAtReplica(20, Info.Replica(3000)));

        // What was written after the promotion's end of the log is lost: that replica has to copy all anew.
        Assert.Null(LookAtReplica(20, Info.Replica(1901, Info.Former)));
    }

    [Fact]
    public void What_a_former_master_says_too_late_changes_nothing()
    {
        LookAtMaster(0, Info.Master(2000, Info.Log, Info.Former, 1900), epoch: 2);
        LookAtMaster(1, Info.Master(9000, Info.Former), epoch: 1);

        Assert.Equal(TimeSpan.Zero, LookAtReplica(2, Info.Replica(2000)));
    }

    [Fact]
    public void A_master_that_was_started_with_nothing_begins_a_log_of_its_own()
    {
        LookAtMaster(0, Info.Master(50, Info.Former));
        LookAtMaster(100, Info.Master(60, Info.Former));
        LookAtMaster(200, Info.Master(55));
        LookAtMaster(201, Info.Master(80));

        Assert.Null(LookAtReplica(201.1, Info.Replica(60, Info.Former)));
        Assert.InRange(LookAtReplica(203, Info.Replica(52))!.Value.TotalSeconds, 2, 3);
        Assert.Equal(TimeSpan.Zero, LookAtReplica(203, Info.Replica(80)));
    }

    [Fact]
    public void Sentinels_that_were_all_made_anew_count_their_epochs_from_the_first_and_the_clock_goes_on()
    {
        LookAtMaster(0, Info.Master(500), epoch: 7, lineage: "old");
        LookAtMaster(1, Info.Master(600), epoch: 0, lineage: "new");
        LookAtMaster(2, Info.Master(700), epoch: 0, lineage: "new");

        Assert.InRange(LookAtReplica(10, Info.Replica(600))!.Value.TotalSeconds, 8, 9);
        Assert.Equal(TimeSpan.Zero, LookAtReplica(10, Info.Replica(700)));
    }

    [Fact]
    public void People_are_told_once_that_a_replica_is_too_far_behind_and_once_that_it_is_not_any_more()
    {
        LookAtMaster(0, Info.Master(500));
        for (int at = 40; at < 60; at++)
        {
            LookAtReplica(at, Info.Replica(500, downFor: at));
        }

        LookAtMaster(60, Info.Master(500));
        LookAtReplica(60, Info.Replica(500));
        LookAtReplica(61, Info.Replica(500));

        Assert.Equal([9200, 9201], _logger.Collector.GetSnapshot().Select(static log => log.Id.Id));
        Assert.Equal("Replica 127.0.0.1:6380 of cache is 44 s and 0 bytes behind its master; more than 30 s.", _logger.Collector.GetSnapshot()[0].Message);
    }

    [Fact]
    public void A_replica_that_becomes_the_master_is_late_no_more()
    {
        LookAtMaster(0, Info.Master(500));
        for (int at = 40; at < 50; at++)
        {
            LookAtReplica(at, Info.Replica(500, downFor: at));
        }

        _lag.Master(_replica, NodeAnswer.Read(Info.Master(500, Info.Stranger, Info.Log, 500))!, new Epoch("set", 2), TimeSpan.FromSeconds(51));

        Assert.Null(_replica.Place);
        Assert.Equal([9200, 9201], _logger.Collector.GetSnapshot().Select(static log => log.Id.Id));
    }

    private static RedisNode Node(int port) => new(new FailoverMember(new Uri($"redis://127.0.0.1:{port}")), Access);

    private void LookAtMaster(double at, string info, long epoch = 1, string lineage = "set") =>
        _lag.Master(_master, NodeAnswer.Read(info)!, new Epoch(lineage, epoch), TimeSpan.FromSeconds(at));

    private TimeSpan? LookAtReplica(double at, string info) => _lag.Replica(_replica, NodeAnswer.Read(info)!, TimeSpan.FromSeconds(at));
}
