using Failover.Lag;

namespace Failover.Tests.Lag;

/// <summary>The lag that the clock tells, against what is true, in looks at a primary of which the test knows when it wrote what.</summary>
public class PositionClockTests
{
    private const string Lineage = "7423";
    private readonly PositionClock _clock = new();

    [Fact]
    public void As_long_as_the_primary_has_not_been_seen_nothing_is_known()
    {
        Assert.Null(Behind(100, now: 5));
        Assert.Null(_clock.BytesBehind(Lineage, 100));
    }

    [Fact]
    public void On_an_idle_primary_a_replica_that_has_everything_is_not_behind()
    {
        Look(at: 0, position: 500);
        for (int at = 1; at <= 10_000; at++)
        {
            Look(at, position: 1000);

            Assert.Equal(TimeSpan.Zero, Behind(1000, at + 0.9));
        }

        Assert.Equal(0, _clock.BytesBehind(Lineage, 1000));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(370)]
    [InlineData(2000)]
    public void A_replica_that_hangs_while_rows_are_written_is_behind_by_the_time_since_then(int rowsEach)
    {
        // A row of 100 bytes each so many milliseconds; the replica hangs after 4.4 seconds.
        long Written(double at) => 100 * (long)(at * 1000 / rowsEach);
        double hangs = 4.4;
        double oldestMissing = (Math.Floor(hangs * 1000 / rowsEach) + 1) * rowsEach / 1000.0;
        for (int at = 0; at <= 300; at++)
        {
            Look(at, Written(at));

            if (at > oldestMissing + 1)
            {
                Assert.InRange(Behind(Written(hangs), at)!.Value.TotalSeconds, at - oldestMissing - Allowed(at - hangs), at - oldestMissing + Allowed(at - hangs));
            }
        }
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void After_a_rest_the_first_row_is_missed_for_as_long_as_it_is_there_give_or_take_half_a_look(double into)
    {
        for (int at = 0; at <= 1000; at++)
        {
            Look(at, at <= 600 ? 5000 : 5100);

            if (at > 600)
            {
                double truth = at - (600 + into);
                Assert.InRange(Behind(5000, at)!.Value.TotalSeconds, truth - 0.5, truth + 0.5);
            }
        }
    }

    [Theory]
    [InlineData(100_000, 1)]
    [InlineData(1, 100_000)]
    public void How_much_was_written_at_once_before_or_after_does_not_matter(int before, int after)
    {
        // At 10.05 comes a lot, or little, and the replica gets it; at 10.95 the row that it lacks.
        double truth = 20 - 10.95;
        Look(at: 10, position: 1000);
        Look(at: 11, position: 1000 + before + after);
        Look(at: 12, position: 300_000);

        Assert.InRange(Behind(1000 + before, now: 20)!.Value.TotalSeconds, truth - 0.5, truth + 0.5);
    }

    [Fact]
    public void A_replica_that_has_nearly_come_to_the_newest_look_is_hardly_behind()
    {
        Look(at: 10, position: 1000);
        Look(at: 11, position: 2000);

        Assert.Equal(0.011, Behind(1990, now: 11.001)!.Value.TotalSeconds, tolerance: 0.0001);

        // One that has stood there for a while is not on its way.
        Assert.Equal(1.4, Behind(1990, since: 11.001, now: 11.9)!.Value.TotalSeconds, tolerance: 0.0001);
    }

    [Fact]
    public void A_replica_that_was_never_seen_with_the_log_of_the_first_look_is_at_least_as_old_as_that()
    {
        Look(at: 100, position: 9000);
        Look(at: 101, position: 9500);

        Assert.Equal(TimeSpan.FromSeconds(20), Behind(8999, now: 120));
        Assert.Equal(501, _clock.BytesBehind(Lineage, 8999));
    }

    [Fact]
    public void A_replica_that_is_ahead_of_the_last_look_is_not_behind()
    {
        Look(at: 0, position: 100);

        Assert.Equal(TimeSpan.Zero, Behind(150, now: 0.9));
        Assert.Equal(0, _clock.BytesBehind(Lineage, 150));
    }

    [Fact]
    public void A_replica_that_stays_ahead_of_its_primary_has_another_log_and_nothing_is_known()
    {
        Look(at: 0, position: 100);
        Look(at: 4, position: 100);
        Assert.Equal(TimeSpan.Zero, Behind(150, since: 0, now: 4));

        Look(at: 6, position: 100);
        Assert.Null(Behind(150, since: 0, now: 6));

        // The new primary has written past it.
        Look(at: 7, position: 200);
        Assert.NotNull(Behind(150, since: 0, now: 7));
    }

    [Fact]
    public void A_replica_that_hangs_since_before_a_failover_has_not_caught_up_by_it()
    {
        for (int at = 0; at <= 10; at++)
        {
            Look(at, position: 1000 + (100 * at), number: 1);
        }

        // 1900 to 2000 are lost; the new primary writes on from there.
        Look(at: 14, position: 1900, number: 2);
        Look(at: 15, position: 2500, number: 2);

        Assert.Equal(13.0, Behind(1200, now: 15)!.Value.TotalSeconds, tolerance: 0.51);
        Assert.Equal(TimeSpan.Zero, Behind(2500, now: 15));
    }

    [Fact]
    public void A_former_primary_that_comes_back_does_not_count()
    {
        Look(at: 0, position: 1000, number: 2);
        Look(at: 1, position: 9000, number: 1);

        Assert.Equal(TimeSpan.Zero, Behind(1000, now: 2));
    }

    [Fact]
    public void A_log_that_was_cut_short_by_a_crash_is_not_waited_for()
    {
        Look(at: 0, position: 1000);
        Look(at: 1, position: 1200);
        Look(at: 9, position: 1100);

        Assert.Equal(TimeSpan.Zero, Behind(1100, now: 60));
    }

    [Fact]
    public void Another_lineage_has_a_clock_of_its_own()
    {
        Look(at: 0, position: 1000);
        _clock.Mark(new Epoch("of others", 9), 500_000, TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.Zero, Behind(1000, now: 2));
        Assert.Equal(TimeSpan.Zero, _clock.Behind("of others", 500_000, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        Assert.Null(_clock.Behind("unheard of", 1, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Of_many_lineages_those_that_were_seen_last_are_kept()
    {
        for (int i = 0; i < 100; i++)
        {
            _clock.Mark(new Epoch($"{i}", 1), 100, TimeSpan.FromSeconds(2 * i));
            _clock.Mark(new Epoch(Lineage, 1), 100 + i, TimeSpan.FromSeconds((2 * i) + 1));
        }

        Assert.Equal(99, _clock.BytesBehind(Lineage, 100));
        Assert.Null(_clock.BytesBehind("90", 100));
        Assert.NotNull(_clock.BytesBehind("99", 100));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.02)]
    public void What_is_remembered_has_a_bound_and_is_as_exact_as_its_age_calls_for(double pace)
    {
        // Bytes come unevenly, and rest each third minute.
        Random random = new(7);
        LogMarks log = new();
        List<(double At, long Position)> truth = [];
        long position = 1;
        for (double at = 0; at < 100_000 * pace; at += pace)
        {
            position += (long)(at / 60) % 3 == 2 ? 0 : random.Next(1, 10_000);
            log.Add(1, position, TimeSpan.FromSeconds(at));
            truth.Add((at, position));
        }

        double now = truth[^1].At;
        Assert.InRange(log.Count, 500, LogMarks.Most);
        for (int i = truth.Count / 3; i < truth.Count - 1; i += 97)
        {
            // What stands where a look found the log misses what was written before the next look that found more.
            double next = truth.Skip(i + 1).FirstOrDefault(one => one.Position > truth[i].Position, truth[^1]).At;
            double age = now - next + (pace / 2);
            double told = log.Behind(truth[i].Position, TimeSpan.Zero, TimeSpan.FromSeconds(now))!.Value.TotalSeconds;
            Assert.InRange(told, age - (0.51 * pace) - (0.006 * age), age + (0.51 * pace) + (0.006 * age));
        }
    }

    [Fact]
    public void A_log_that_wakes_for_a_moment_again_and_again_has_a_bound_too()
    {
        LogMarks log = new();
        for (int at = 0; at < 400_000; at++)
        {
            log.Add(1, at / 7, TimeSpan.FromSeconds(at));
        }

        Assert.InRange(log.Count, 500, LogMarks.Most);
    }

    [Fact]
    public void A_look_that_comes_too_late_or_twice_changes_nothing()
    {
        Look(at: 5, position: 1000);
        Look(at: 5, position: 2000);
        Look(at: 4, position: 3000);

        Assert.Equal(0, _clock.BytesBehind(Lineage, 1000));
    }

    // Half a look; of long ago, what the past is thinned out to.
    private static double Allowed(double age) => 0.5 + (age * 0.005);

    private void Look(double at, long position, long number = 1) => _clock.Mark(new Epoch(Lineage, number), position, TimeSpan.FromSeconds(at));

    private TimeSpan? Behind(long position, double now, double? since = null) => _clock.Behind(Lineage, position, TimeSpan.FromSeconds(since ?? now), TimeSpan.FromSeconds(now));
}
