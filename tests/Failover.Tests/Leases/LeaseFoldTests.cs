using System.Collections.Immutable;
using Failover.Leases;

namespace Failover.Tests.Leases;

/// <summary>A lease of ten seconds with a margin of one, whose life is decided at moments that the test names.</summary>
public class LeaseFoldTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);
    private static readonly LeaseGrant Grant = new(new("etcd", 7), TimeSpan.FromSeconds(10));

    private LeaseState _state = new(new LeaseSettings(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)));
    private IReadOnlyList<LeaseEffect> _effects = [];

    [Fact]
    public void It_is_valid_from_before_the_ask_was_sent_less_the_margin()
    {
        At(100, new Asked());
        Assert.Equal([new Take(1)], _effects);
        At(104, new TakeAnswered(1, LeaseAnswer.Granted(Grant)));

        Assert.Equal([new TellGranted(Grant)], _effects);
        Assert.True(_state.MayAct(Moment(108.9)));
        Assert.False(_state.MayAct(Moment(109)));
    }

    [Fact]
    public void What_is_granted_too_late_to_be_used_is_given_back()
    {
        At(100, new Asked());
        At(109, new TakeAnswered(1, LeaseAnswer.Granted(Grant)));

        Assert.Equal([new TellNotGranted(null, LeaseFold.TooLate), new Release()], _effects);
        Assert.False(_state.MayAct(Moment(109)));
    }

    [Fact]
    public void A_store_that_grants_less_than_was_asked_for_is_believed_and_one_that_grants_more_changes_nothing()
    {
        At(100, new Asked());
        At(100, new TakeAnswered(1, LeaseAnswer.Granted(Grant with { Duration = TimeSpan.FromSeconds(4) })));
        Assert.False(_state.MayAct(Moment(103)));

        _state = new(_state.Settings);
        At(100, new Asked());
        At(100, new TakeAnswered(1, LeaseAnswer.Granted(Grant with { Duration = TimeSpan.FromHours(1) })));
        Assert.True(_state.MayAct(Moment(108.9)));
        Assert.False(_state.MayAct(Moment(109)));
    }

    [Fact]
    public void What_another_holds_is_not_given_back()
    {
        var held = LeaseAnswer.Held("host-b", null);
        At(100, new Asked());
        At(101, new TakeAnswered(1, held));

        Assert.Equal([new TellNotGranted(held, null)], _effects);
    }

    [Fact]
    public void An_ask_without_an_answer_is_given_back_whatever_came_of_it()
    {
        At(100, new Asked());
        At(102, new CallFailed(1, "no answer"));
        Assert.Equal([new TellNotGranted(null, "no answer"), new Release()], _effects);

        At(103, new TakeAnswered(1, LeaseAnswer.Granted(Grant)));
        Assert.Empty(_effects);
        Assert.False(_state.MayAct(Moment(103)));
    }

    [Fact]
    public void It_is_renewed_each_third_and_counted_from_when_the_renewal_was_sent()
    {
        Held(at: 100);
        At(103, new TimePassed());
        Assert.Empty(_effects);
        At(103.5, new TimePassed());
        Assert.Equal([new Renew(2)], _effects);

        At(105, new RenewalAnswered(2, Grant));

        Assert.Empty(_effects);
        Assert.True(_state.MayAct(Moment(112.4)));
        Assert.False(_state.MayAct(Moment(112.5)));
    }

    [Fact]
    public void A_renewal_that_fails_is_tried_again_and_the_lease_is_held_until_its_time_is_over()
    {
        Held(at: 100);
        At(103.5, new TimePassed());
        At(105.5, new CallFailed(2, "no answer"));
        Assert.Equal([new TellNotRenewed("no answer")], _effects);
        Assert.True(_state.MayAct(Moment(108.9)));
        At(106, new TimePassed());
        Assert.Equal([new Renew(3)], _effects);
        At(108, new CallFailed(3, "no answer"));
        At(108.5, new TimePassed());
        Assert.Equal([new Renew(4)], _effects);

        At(109, new TimePassed());

        Assert.Equal([new TellOver(LeaseFold.TimeIsOver), new Release()], _effects);
        Assert.Equal(LeasePhase.Over, _state.Phase);
        Assert.Null(_state.NextWake(Moment(109)));
    }

    [Fact]
    public void A_renewal_that_is_answered_when_its_time_is_over_changes_nothing()
    {
        Held(at: 100);
        At(103.5, new TimePassed());

        // The process was paused: the answer had been there long before it could be read.
        At(109.5, new RenewalAnswered(2, Grant));

        Assert.Equal([new TellOver(LeaseFold.TimeIsOver), new Release()], _effects);
        Assert.False(_state.MayAct(Moment(109.5)));
    }

    [Fact]
    public void A_late_answer_to_an_earlier_renewal_changes_nothing()
    {
        Held(at: 100);
        At(103.5, new TimePassed());
        At(105.5, new CallFailed(2, "no answer"));
        At(106, new TimePassed());

        At(106.5, new RenewalAnswered(2, Grant));

        Assert.Empty(_effects);
        Assert.True(_state.InFlight);
        Assert.False(_state.MayAct(Moment(109)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(8)]
    public void What_the_store_says_is_over_or_anothers_is_over_at_once(int? token)
    {
        Held(at: 100);
        At(103.5, new TimePassed());

        At(104, new RenewalAnswered(2, token is { } number ? Grant with { Epoch = new("etcd", number) } : null));

        Assert.Equal([new TellOver(LeaseFold.NotOurs), new Release()], _effects);
        Assert.False(_state.MayAct(Moment(104)));
    }

    [Fact]
    public void After_a_pause_it_is_over_whatever_wakes_it_first()
    {
        foreach (LeaseEvent first in new LeaseEvent[] { new TimePassed(), new RenewalAnswered(2, Grant), new CallFailed(2, "no answer") })
        {
            _state = new(_state.Settings);
            Held(at: 100);
            At(103.5, new TimePassed());
            Assert.False(_state.MayAct(Moment(500)));

            At(500, first);

            Assert.Equal([new TellOver(LeaseFold.TimeIsOver), new Release()], _effects);
        }
    }

    [Fact]
    public void Who_gives_it_back_when_its_time_is_over_has_lost_it()
    {
        Held(at: 100);

        At(109, new GivenBack());

        Assert.Equal([new TellOver(LeaseFold.TimeIsOver), new Release()], _effects);
    }

    [Fact]
    public void A_machine_that_slept_finds_out_by_its_wall_clock()
    {
        Held(at: 100);

        // Its monotonic clock stood still for an hour.
        Moment awake = new(TimeSpan.FromSeconds(101), Midnight + TimeSpan.FromSeconds(3701));

        Assert.False(_state.MayAct(awake));
        Apply(new TimePassed(), awake);
        Assert.Equal([new TellOver(LeaseFold.TimeIsOver), new Release()], _effects);
    }

    [Fact]
    public void A_wall_clock_that_is_put_back_changes_nothing()
    {
        Held(at: 100);

        Moment now = new(TimeSpan.FromSeconds(108.9), Midnight - TimeSpan.FromDays(1));
        Moment later = new(TimeSpan.FromSeconds(109), Midnight - TimeSpan.FromDays(1));

        Assert.True(_state.MayAct(now));
        Assert.False(_state.MayAct(later));
    }

    [Fact]
    public void What_is_given_back_is_over_and_stays_so()
    {
        Held(at: 100);
        At(101, new GivenBack());
        Assert.Equal([new TellOver(null), new Release()], _effects);
        Assert.False(_state.MayAct(Moment(101)));

        foreach (LeaseEvent late in new LeaseEvent[] { new GivenBack(), new TimePassed(), new TakeAnswered(1, LeaseAnswer.Granted(Grant)), new RenewalAnswered(2, Grant), new Asked() })
        {
            At(102, late);
            Assert.Empty(_effects);
            Assert.False(_state.MayAct(Moment(102)));
        }
    }

    [Fact]
    public void An_ask_that_nobody_waits_for_any_more_is_given_back()
    {
        At(100, new Asked());
        At(101, new GivenBack());

        Assert.Equal([new TellNotGranted(null, null), new Release()], _effects);
    }

    private void Held(double at)
    {
        At(at, new Asked());
        At(at, new TakeAnswered(1, LeaseAnswer.Granted(Grant)));
    }

    private void At(double seconds, LeaseEvent happened) => Apply(happened, Moment(seconds));

    private void Apply(LeaseEvent happened, Moment now)
    {
        (_state, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(_state, happened, now);
        _effects = [.. effects];
    }

    private static Moment Moment(double seconds) => new(TimeSpan.FromSeconds(seconds), Midnight + TimeSpan.FromSeconds(seconds));
}
