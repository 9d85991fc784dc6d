using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;

namespace Failover.Redis.Tests.Writes;

/// <summary>What the audit calls lost, stale and doubled. Times are small numbers; node b was promoted from a's history and takes its first write at 100.</summary>
public class RedisWriteAuditTests
{
    [Fact]
    public void A_row_that_the_old_master_acknowledged_after_the_new_one_began_is_stale()
    {
        AuditedWrites audited = RedisWriteAudit.Judge([1], "b", [Acknowledged(1, 10, 20), Acknowledged(2, 120, 130)], [OfA(until: 500), OfB()]);

        Assert.Equal(2, Assert.Single(audited.Report.Stale).Id);
        Assert.Empty(audited.Report.Lost);
        Assert.Equal([1, 1], audited.Attempts.Select(static attempt => attempt.Timeline!.Value));
    }

    [Fact]
    public void A_row_that_the_old_master_acknowledged_after_the_last_look_at_it_as_a_master_is_stale_and_one_from_after_it_was_none_is_lost()
    {
        Reign old = OfA(until: 110);
        old.End(seen: 130);

        AuditedWrites audited = RedisWriteAudit.Judge([1], "b", [Acknowledged(1, 10, 20), Acknowledged(2, 115, 125), Acknowledged(3, 140, 150)], [old, OfB()]);

        Assert.Equal(2, Assert.Single(audited.Report.Stale).Id);
        Assert.Equal(3, Assert.Single(audited.Report.Lost).Id);
    }

    [Fact]
    public void The_last_rows_of_the_old_master_are_lost_by_asynchronous_replication_where_the_replica_did_not_have_them()
    {
        // At 25 the history was 40 bytes long; the replica was promoted with 39.
        Reign old = OfA(until: 90);
        old.Note(asked: 25, acknowledged: 26, offset: 40);

        AuditedWrites audited = RedisWriteAudit.Judge([1, 3], "b", [Acknowledged(1, 5, 8), Acknowledged(2, 10, 20), Acknowledged(3, 110, 120)], [old, OfB(promotedAt: 40)]);

        Assert.Equal(2, Assert.Single(audited.Report.AsyncLost).Id);
        Assert.Empty(audited.Report.Lost);
    }

    [Fact]
    public void They_are_lost_where_it_had_them()
    {
        Reign old = OfA(until: 90);
        old.Note(asked: 25, acknowledged: 26, offset: 40);

        AuditedWrites audited = RedisWriteAudit.Judge([1, 3], "b", [Acknowledged(1, 5, 8), Acknowledged(2, 10, 20), Acknowledged(3, 110, 120)], [old, OfB(promotedAt: 41)]);

        Assert.Equal(2, Assert.Single(audited.Report.Lost).Id);
        Assert.Empty(audited.Report.AsyncLost);
    }

    [Fact]
    public void A_row_is_lost_where_a_later_one_of_its_master_is_there()
    {
        AuditedWrites audited = RedisWriteAudit.Judge([2], "b", [Acknowledged(1, 10, 20), Acknowledged(2, 30, 40)], [OfA(until: 90), OfB()]);

        Assert.Equal(1, Assert.Single(audited.Report.Lost).Id);
    }

    [Fact]
    public void A_row_that_a_node_took_whose_promotion_was_taken_back_is_lost_and_rows_of_the_master_that_stayed_are_not()
    {
        AuditedWrites audited = RedisWriteAudit.Judge([1, 3], "a", [Acknowledged(1, 10, 20), Acknowledged(2, 110, 120), Acknowledged(3, 130, 140)], [OfA(until: 500), OfB()]);

        Assert.Equal(2, Assert.Single(audited.Report.Lost).Id);
        Assert.Empty(audited.Report.Stale);
    }

    [Fact]
    public void Rows_from_before_a_master_that_was_started_empty_are_lost_and_nothing_excuses_it()
    {
        AuditedWrites audited = RedisWriteAudit.Judge([], "c", [Acknowledged(1, 10, 20)], [OfA(until: 50), new("a", "c", "0", -1, 100)]);

        Assert.Equal(1, Assert.Single(audited.Report.Lost).Id);
    }

    [Fact]
    public void A_row_that_is_there_twice_is_doubled_and_one_that_the_client_called_failed_is_told_too()
    {
        AuditedWrites audited = RedisWriteAudit.Judge([1, 1, 2], "a", [Acknowledged(1, 10, 20), new(2, 30, 40, RowOutcome.Failed, null, "E")], [OfA(until: 90)]);

        Assert.Equal(1, Assert.Single(audited.Report.Doubled));
        Assert.Equal(2, Assert.Single(audited.Report.FailedButWritten).Id);
    }

    private static RowAttempt Acknowledged(long id, long started, long ended) => new(id, started, ended, RowOutcome.Acknowledged, null, null);

    private static Reign OfA(long until)
    {
        Reign reign = new("a", "a", "0", -1, 0);
        reign.Note(0, until, 1);
        return reign;
    }

    private static Reign OfB(long promotedAt = 40) => new("b", "b", "a", promotedAt, 100);
}
