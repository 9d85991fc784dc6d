using System.Collections.Immutable;
using Failover.Leases;

namespace Failover.Tests.Leases;

public class LeaseStateTests
{
    private static readonly LeaseSettings Settings = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1.5));
    private static readonly Epoch Token = new("cluster", 7);

    [Theory]
    [InlineData(15)]
    [InlineData(6)]
    [InlineData(4)]
    public void A_lease_is_renewed_well_before_it_is_over_also_where_the_store_grants_less_than_was_asked_for(int granted)
    {
        LeaseState state = Held(granted);

        TimeSpan renewal = state.NextRenewal;
        (_, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(state, new TimePassed(), At(renewal));

        Assert.IsType<Renew>(Assert.Single(effects));
        Assert.True(renewal + Settings.RetryPause < state.ValidUntil.Elapsed);
    }

    [Fact]
    public void A_machine_that_slept_for_longer_than_the_lease_tells_its_loss_before_the_next_renewal_is_due()
    {
        LeaseState state = Held(15);
        TimeSpan wake = state.NextWake(At(TimeSpan.Zero))!.Value;

        // The monotonic clock and the timer stood still while it slept; the wall clock went on.
        Moment woken = new(wake, At(wake + TimeSpan.FromMinutes(10)).Utc);
        (LeaseState after, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(state, new TimePassed(), woken);

        Assert.True(wake < state.NextRenewal);
        Assert.Equal(LeasePhase.Over, after.Phase);
        Assert.Contains(effects, effect => effect is TellOver { Evidence: not null });
    }

    [Fact]
    public void To_look_at_the_wall_clock_asks_nothing_of_the_store()
    {
        LeaseState state = Held(15);
        TimeSpan wake = state.NextWake(At(TimeSpan.Zero))!.Value;

        (LeaseState after, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(state, new TimePassed(), At(wake));

        Assert.Empty(effects);
        Assert.True(after.MayAct(At(wake)));
        Assert.True(after.NextWake(At(wake)) > wake);
    }

    private static LeaseState Held(int seconds)
    {
        (LeaseState asked, _) = LeaseFold.Apply(new LeaseState(Settings), new Asked(), At(TimeSpan.Zero));
        return LeaseFold.Apply(asked, new TakeAnswered(1, LeaseAnswer.Granted(new(Token, TimeSpan.FromSeconds(seconds)))), At(TimeSpan.Zero)).State;
    }

    private static Moment At(TimeSpan time) => new(time, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + time);
}
