using Failover.TestServers.Writes;

namespace Failover.PostgreSql.Tests.Writes;

/// <summary>What the audit calls lost, stale and doubled. Times are small numbers; timeline 2 takes its first write at 100.</summary>
public class WriteAuditTests
{
    private static readonly OracleWrites[] Seen = [new("a", 1, 0, 50), new("b", 2, 100, 200)];

    [Fact]
    public void A_missing_row_is_lost_where_a_later_one_of_its_timeline_is_there()
    {
        WriteReport report = WriteAudit.Judge([(2, 1)], [Acknowledged(1, 10, 20, 1), Acknowledged(2, 30, 40, 1)], Seen);

        Assert.Equal(1, Assert.Single(report.Lost).Id);
        Assert.Empty(report.AsyncLost);
    }

    [Fact]
    public void Rows_that_overlap_may_be_committed_in_either_order()
    {
        WriteReport report = WriteAudit.Judge([(2, 1)], [Acknowledged(1, 10, 40, 1), Acknowledged(2, 20, 30, 1)], Seen);

        Assert.Equal(1, Assert.Single(report.AsyncLost).Id);
        Assert.Empty(report.Lost);
    }

    [Fact]
    public void The_last_rows_of_a_timeline_are_lost_by_asynchronous_replication()
    {
        WriteReport report = WriteAudit.Judge([(1, 1), (3, 2)], [Acknowledged(1, 10, 20, 1), Acknowledged(2, 30, 40, 1), Acknowledged(3, 110, 120, 2)], Seen);

        Assert.Equal(2, Assert.Single(report.AsyncLost).Id);
        Assert.Empty(report.Lost);
        Assert.Empty(report.Stale);
    }

    [Fact]
    public void The_last_rows_of_the_last_timeline_are_lost_and_nothing_excuses_it()
    {
        WriteReport report = WriteAudit.Judge([(1, 2)], [Acknowledged(1, 110, 120, 2), Acknowledged(2, 130, 140, 2)], Seen);

        Assert.Equal(2, Assert.Single(report.Lost).Id);
    }

    [Fact]
    public void A_row_that_an_old_timeline_acknowledged_after_the_new_one_began_is_stale_and_not_lost_as_well()
    {
        WriteReport report = WriteAudit.Judge([], [Acknowledged(1, 90, 101, 1)], Seen);

        Assert.Equal(1, Assert.Single(report.Stale).Id);
        Assert.Empty(report.Lost);
        Assert.Empty(report.AsyncLost);
    }

    [Fact]
    public void A_client_that_does_not_tell_its_timeline_is_not_excused()
    {
        WriteReport report = WriteAudit.Judge([(1, 1)], [Acknowledged(1, 10, 20, null), Acknowledged(2, 30, 40, null), Acknowledged(3, 110, 120, null)], Seen);

        Assert.Equal(2, Assert.Single(report.AsyncLost).Id);
        Assert.Equal(3, Assert.Single(report.Lost).Id);
    }

    [Fact]
    public void Without_an_oracle_the_client_s_own_rows_tell_when_a_timeline_began()
    {
        WriteReport report = WriteAudit.Judge([(1, 2)], [Acknowledged(1, 90, 100, 2), Acknowledged(2, 110, 120, 1)], []);

        Assert.Equal(2, Assert.Single(report.Stale).Id);
    }

    [Fact]
    public void Rows_are_counted_that_are_there_twice_and_those_that_were_told_to_have_failed()
    {
        WriteReport report = WriteAudit.Judge(
            [(1, 1), (1, 2), (2, 1), (3, 1)],
            [Acknowledged(1, 10, 20, 1), Ended(2, RowOutcome.Failed), Ended(3, RowOutcome.Unknown), Ended(4, RowOutcome.Failed)],
            Seen);

        Assert.Equal(1, Assert.Single(report.Doubled));
        Assert.Equal(2, Assert.Single(report.FailedButWritten).Id);
        Assert.Equal((1, 2, 1), (report.Acknowledged, report.Failed, report.Unknown));
    }

    private static RowAttempt Acknowledged(long id, long started, long ended, int? timeline) => new(id, started, ended, RowOutcome.Acknowledged, timeline, null);

    private static RowAttempt Ended(long id, RowOutcome outcome) => new(id, 10, 20, outcome, null, "E");
}
