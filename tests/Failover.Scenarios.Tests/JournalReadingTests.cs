using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Tests;

public sealed class JournalReadingTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_had_begun_and_not_ended_at_the_restart_was_in_flight_at_the_kill_probes_apart()
    {
        JournalReading read = Read("1 started", "2 begin /work 1", "3 end 1", "4 begin /work 2", "5 begin /health -", "6 begin /orders 3", "7 started", "8 end 2");

        Assert.Equal(2, read.InFlightAtKill);
    }

    [Fact]
    public void Hits_are_counted_within_the_time_asked_for_probes_apart()
    {
        JournalReading read = Read("1 started", "2 begin /work 1", "4 begin /work 2", "5 begin /health -", "6 begin /work 3");

        Assert.Equal(1, read.Hits(at => at is >= 3 and < 6));
    }

    [Fact]
    public void A_line_that_the_kill_cut_short_is_passed_over()
    {
        JournalReading read = Read("1 started", "2 executed 7", "3 execu", "4", "");

        Assert.Equal(["7"], read.Executed);
    }

    private JournalReading Read(params string[] lines)
    {
        File.WriteAllLines(_path, lines);
        return new(_path);
    }
}
