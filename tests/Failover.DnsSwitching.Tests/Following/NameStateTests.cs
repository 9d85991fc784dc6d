using System.Net;
using Failover.DnsSwitching.Following;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>What answers mean, without a clock or a resolver.</summary>
public sealed class NameStateTests
{
    private static readonly AddressSet A = Set("192.0.2.1");
    private static readonly AddressSet B = Set("192.0.2.2");

    [Fact]
    public void The_first_answer_counts_at_once_and_moves_nobody()
    {
        (NameState state, NameVerdict verdict) = new NameState().Take(A, TimeSpan.Zero, 6);

        Assert.Equal((NameVerdict.First, A), (verdict, state.Good));
    }

    [Fact]
    public void Another_answer_moves_only_when_the_next_look_says_the_same()
    {
        Run run = new();
        Assert.Equal([NameVerdict.First, NameVerdict.Unconfirmed, NameVerdict.Moved, NameVerdict.Same], run.Take(A, B, B, B));
        Assert.Equal(B, run.State.Good);
    }

    [Fact]
    public void An_answer_that_was_wrong_once_moves_nobody()
    {
        Run run = new();
        Assert.Equal([NameVerdict.First, NameVerdict.Unconfirmed, NameVerdict.Same, NameVerdict.Unconfirmed, NameVerdict.Same], run.Take(A, B, A, B, A));
        Assert.Equal(A, run.State.Good);
    }

    [Fact]
    public void Two_other_answers_that_differ_move_nobody()
    {
        Run run = new();
        Assert.Equal([NameVerdict.First, NameVerdict.Unconfirmed, NameVerdict.Unsteady, NameVerdict.Moved], run.Take(A, B, Set("192.0.2.3"), Set("192.0.2.3")));
    }

    [Fact]
    public void Another_answer_moves_at_once_where_connecting_has_failed()
    {
        Run run = new();
        run.Take(A);
        run.State = run.State.Failed(null, run.At);
        Assert.Equal([NameVerdict.Moved], run.Take(B));
    }

    [Fact]
    public void A_failure_that_is_over_does_not_spare_the_second_look()
    {
        Run run = new();
        run.Take(A);
        run.State = run.State.Failed(null, run.At);
        Assert.Equal([NameVerdict.Same, NameVerdict.Unconfirmed], run.Take(A, B));
    }

    [Fact]
    public void No_answer_keeps_the_last_good_one_however_often()
    {
        Run run = new();
        run.Take(A);
        Assert.All(run.Take([.. Enumerable.Repeat(AddressSet.None, 1000)]), static verdict => Assert.Equal(NameVerdict.Kept, verdict));
        run.State = run.State.Failed(null, run.At);
        Assert.Equal([NameVerdict.Kept], run.Take(AddressSet.None));
        Assert.Equal(A, run.State.Good);
    }

    [Fact]
    public void No_answer_in_between_does_not_stand_against_a_second_one()
    {
        Run run = new();
        Assert.Equal([NameVerdict.First, NameVerdict.Unconfirmed, NameVerdict.Kept, NameVerdict.Moved], run.Take(A, B, AddressSet.None, B));
    }

    [Fact]
    public void The_order_of_addresses_is_no_change_and_the_newest_is_kept()
    {
        Run run = new();
        run.Take(Set("192.0.2.1", "192.0.2.2", "2001:db8::1"));

        Assert.Equal([NameVerdict.Same, NameVerdict.Same], run.Take(Set("2001:db8::1", "192.0.2.2", "192.0.2.1"), Set("192.0.2.2", "192.0.2.2", "192.0.2.1", "2001:db8::1")));
        Assert.Equal(IPAddress.Parse("192.0.2.2"), run.State.Good.Addresses[0]);
    }

    [Fact]
    public void One_address_more_or_less_is_another_set()
    {
        Run run = new();
        Assert.Equal([NameVerdict.First, NameVerdict.Unconfirmed, NameVerdict.Moved, NameVerdict.Unconfirmed, NameVerdict.Moved], run.Take(A, Set("192.0.2.1", "192.0.2.2"), Set("192.0.2.2", "192.0.2.1"), A, A));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(6, false)]
    [InlineData(6, true)]
    public void A_name_that_flaps_for_an_hour_moves_no_more_often_a_minute_than_is_allowed(int limit, bool fails)
    {
        Run run = new() { Limit = limit };
        List<TimeSpan> moves = [];
        run.Take(A);
        for (int second = 0; second < 3600; second++)
        {
            if (fails)
            {
                run.State = run.State.Failed(null, run.At);
            }

            if (run.Take(second / 2 % 2 == 0 ? B : A)[0] == NameVerdict.Moved)
            {
                moves.Add(run.At);
            }
        }

        Assert.All(moves, at => Assert.InRange(moves.Count(other => other >= at && other < at + TimeSpan.FromMinutes(1)), 1, limit));
        Assert.InRange(moves.Count, 59 * limit, 61 * limit);
    }

    [Fact]
    public void A_name_that_came_to_rest_moves_as_soon_as_it_may_again()
    {
        Run run = new() { Limit = 1 };
        Assert.Equal([NameVerdict.First, NameVerdict.Unconfirmed, NameVerdict.Moved, NameVerdict.Unconfirmed], run.Take(A, B, B, A));
        NameVerdict[] after = run.Take([.. Enumerable.Repeat(A, 60)]);

        Assert.Equal(Enumerable.Repeat(NameVerdict.Capped, 58).Append(NameVerdict.Moved).Append(NameVerdict.Same), after);
    }

    [Fact]
    public void Where_the_name_may_lead_by_now_is_tried_last()
    {
        Run run = new();
        run.Take(A, B);

        Assert.Equal("192.0.2.1 192.0.2.2", string.Join(' ', run.State.Candidates(run.At)));
    }

    [Fact]
    public void An_address_that_could_not_be_connected_to_is_tried_after_the_others_for_a_minute()
    {
        Run run = new();
        run.Take(Set("192.0.2.1", "192.0.2.2", "192.0.2.3"));
        TimeSpan first = run.At, second = first + TimeSpan.FromSeconds(10);
        run.State = run.State.Failed(IPAddress.Parse("192.0.2.1"), first);
        Assert.Equal("192.0.2.2 192.0.2.3 192.0.2.1", string.Join(' ', run.State.Candidates(first)));

        // Looks that say the same do not make it better.
        run.Take(run.State.Good);
        run.State = run.State.Failed(IPAddress.Parse("192.0.2.2"), second).Failed(IPAddress.Parse("192.0.2.99"), second);
        Assert.Equal("192.0.2.3 192.0.2.1 192.0.2.2", string.Join(' ', run.State.Candidates(second)));
        Assert.Equal("192.0.2.1 192.0.2.3 192.0.2.2", string.Join(' ', run.State.Candidates(first + TimeSpan.FromMinutes(1))));
        Assert.Equal("192.0.2.1 192.0.2.2 192.0.2.3", string.Join(' ', run.State.Candidates(second + TimeSpan.FromMinutes(1))));
    }

    [Fact]
    public void What_failed_is_remembered_over_a_move_as_long_as_the_name_leads_there()
    {
        Run run = new();
        run.Take(Set("192.0.2.1", "192.0.2.2"));
        run.State = run.State.Failed(IPAddress.Parse("192.0.2.1"), run.At).Failed(IPAddress.Parse("192.0.2.2"), run.At);
        Assert.Equal([NameVerdict.Moved], run.Take(Set("192.0.2.1", "192.0.2.3")));

        Assert.Equal("192.0.2.3 192.0.2.1", string.Join(' ', run.State.Candidates(run.At)));
        Assert.Equal(IPAddress.Parse("192.0.2.1"), Assert.Single(run.State.Failures).Key);
    }

    private static AddressSet Set(params string[] addresses) => AddressSet.Of(addresses.Select(IPAddress.Parse));

    /// <summary>Answers one second apart.</summary>
    private sealed class Run
    {
        internal NameState State { get; set; } = new();

        internal TimeSpan At { get; private set; }

        internal int Limit { get; init; } = 6;

        internal NameVerdict[] Take(params AddressSet[] answers) =>
        [
            .. answers.Select(answer =>
            {
                At += TimeSpan.FromSeconds(1);
                (State, NameVerdict verdict) = State.Take(answer, At, Limit);
                return verdict;
            }),
        ];
    }
}
