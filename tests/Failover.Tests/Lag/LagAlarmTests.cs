namespace Failover.Tests.Lag;

public class LagAlarmTests
{
    private static readonly LagOptions Limits = new();

    [Fact]
    public void Five_looks_in_a_row_beyond_the_limit_raise_it_and_the_first_within_ends_it()
    {
        Assert.Equal([false, false, false, false, true, true, false], After(31, 32, 33, 34, 35, 36, 30));
    }

    [Fact]
    public void A_look_within_the_limit_begins_the_count_anew()
    {
        Assert.Equal([false, false, false, false, false, false, false, false, false], After(31, 31, 31, 31, 30, 31, 31, 31, 31));
    }

    [Fact]
    public void Many_looks_in_one_moment_are_one_breach()
    {
        LagAlarm alarm = default;
        for (int i = 0; i < 50; i++)
        {
            alarm = alarm.Observe(TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(20 * i), Limits);
        }

        Assert.False(alarm.IsOn);
        Assert.Equal(2, alarm.Breaches);
    }

    private static bool[] After(params int[] seconds)
    {
        LagAlarm alarm = default;
        return [.. seconds.Select((lag, at) => (alarm = alarm.Observe(TimeSpan.FromSeconds(lag), TimeSpan.FromSeconds(at), Limits)).IsOn)];
    }
}
