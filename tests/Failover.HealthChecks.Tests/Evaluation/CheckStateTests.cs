using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Evaluation;

public class CheckStateTests
{
    private static readonly CheckSettings Settings = Given.Settings();

    // H, D, U: what a run said, and what the check counts as after it.
    [Theory]
    [InlineData("the first outcome decides: healthy", 2, 1, "H", "H")]
    [InlineData("the first outcome decides: degraded", 2, 3, "D", "D")]
    [InlineData("the first outcome decides: unhealthy", 3, 3, "U", "U")]
    [InlineData("fall of 2", 2, 1, "HUU", "HHU")]
    [InlineData("fall of 3", 3, 1, "HUUU", "HHHU")]
    [InlineData("fall of 1", 1, 1, "HUHU", "HUHU")]
    [InlineData("one that passes between begins the count anew", 2, 1, "HUHUHUU", "HHHHHHU")]
    [InlineData("rise of 1", 2, 1, "HUUH", "HHUH")]
    [InlineData("rise of 3", 2, 3, "HUUHHH", "HHUUUH")]
    [InlineData("one that fails between begins the rise anew", 2, 2, "HUUHUHH", "HHUUUUH")]
    [InlineData("never passed: worse at once", 5, 1, "DU", "DU")]
    [InlineData("never passed: better by rise", 5, 2, "UDD", "UUD")]
    [InlineData("never passed, rise of 2: healthy only then", 2, 2, "UHH", "UUH")]
    [InlineData("passed once, though it never counted as healthy: the fall counts", 2, 2, "UHDDUU", "UUDDDU")]
    [InlineData("degraded by fall, then unhealthy by fall", 2, 1, "HDDUU", "HHDDU")]
    [InlineData("one unhealthy after one degraded: both were at least degraded, only one was unhealthy", 2, 1, "HDU", "HHD")]
    [InlineData("the unhealthy one of a row counts for unhealthy too", 2, 1, "HDUU", "HHDU")]
    [InlineData("one degraded after one unhealthy", 2, 1, "HUD", "HHD")]
    [InlineData("unhealthy and degraded in turn are degraded", 2, 1, "HUDUDU", "HHDDDD")]
    [InlineData("unhealthy and degraded in turn with fall of 1 follow", 1, 1, "HUDUD", "HUDUD")]
    [InlineData("up over degraded", 2, 1, "HUUDH", "HHUDH")]
    [InlineData("up over degraded with rise of 2: both were better than unhealthy", 2, 2, "HUUDHH", "HHUUDH")]
    [InlineData("a turn of direction begins anew", 2, 2, "HDDHUHUU", "HHDDDDDU")]
    [InlineData("healthy between two degraded", 2, 1, "HDHD", "HHHH")]
    public void What_a_check_counts_as_follows_its_outcomes(string why, int fall, int rise, string outcomes, string expected)
    {
        CheckState state = CheckState.Unknown;
        string counted = "";
        for (int i = 0; i < outcomes.Length; i++)
        {
            state = state.Observe(Given.Outcome(outcomes[i]), Given.Settings(fall: fall, rise: rise), Given.At(i));
            counted += state.Status.ToString()![0];
        }

        Assert.True(expected == counted, $"{why}: {outcomes} counted as {counted}, not {expected}");
    }

    [Fact]
    public void It_counts_from_the_outcome_that_decided()
    {
        CheckState state = Given.State("HUU", Settings);

        Assert.Equal(Given.At(2), state.Since);
        Assert.Equal(Given.At(2), state.Observe(Given.Outcome('U'), Settings, Given.At(9)).Since);
    }

    [Fact]
    public void What_passed_is_true_of_when_the_run_began()
    {
        CheckState state = Given.State("HU", Settings);

        Assert.Equal(Given.At(0), state.PassedAt);
        Assert.Equal(Given.At(1), state.LastAt);
        Assert.True(state.HasPassed);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("H", true)]
    [InlineData("HU", false)]
    [InlineData("HUH", true)]
    [InlineData("HUU", false)]
    [InlineData("D", false)]
    public void It_is_calm_when_it_is_well_and_nothing_speaks_against_it(string outcomes, bool expected) =>
        Assert.Equal(expected, Given.State(outcomes, Settings).IsCalm);

    [Fact]
    public void A_threshold_that_is_lowered_counts_from_the_next_outcome_with_what_was_seen()
    {
        CheckState state = Given.State("HUU", Given.Settings(fall: 5));

        Assert.Equal(HealthStatus.Healthy, state.Status);
        Assert.Equal(HealthStatus.Unhealthy, state.Observe(Given.Outcome('U'), Given.Settings(fall: 2), Given.At(3)).Status);
    }

    [Fact]
    public void After_three_periods_and_a_timeout_of_silence_it_is_stale()
    {
        // 3 × 10 s + 2 s
        CheckState state = Given.State("H", Settings);

        Assert.False(state.IsStale(Settings, Given.At(32)));
        Assert.True(state.IsStale(Settings, Given.At(32.001)));
        Assert.Equal(TimeSpan.FromSeconds(32), state.KnownUntil(Settings));
        Assert.False(CheckState.Unknown.IsStale(Settings, Given.At(1_000)));
    }

    [Fact]
    public void Settings_that_allow_less_silence_do_not_make_it_stale_at_once()
    {
        CheckSettings hourly = Given.Settings(period: 3_600);
        CheckState state = Given.State("H", hourly);

        CheckState after = state.Reconfigure(hourly, Settings, Given.At(1_800));

        Assert.True(state.IsStale(Settings, Given.At(1_800)));
        Assert.False(after.IsStale(Settings, Given.At(1_832)));
        Assert.True(after.IsStale(Settings, Given.At(1_833)));
    }

    [Fact]
    public void Settings_do_not_make_it_known_that_was_stale_nor_known_for_longer()
    {
        CheckState state = Given.State("H", Settings);

        Assert.True(state.Reconfigure(Settings, Given.Settings(period: 5), Given.At(60)).IsStale(Settings, Given.At(60)));
        Assert.Same(state, state.Reconfigure(Settings, Given.Settings(fall: 9), Given.At(31)));
        Assert.Same(CheckState.Unknown, CheckState.Unknown.Reconfigure(Settings, Given.Settings(period: 5), Given.At(60)));
    }
}
