using Failover.Redis.Sentinel;
using static Failover.Redis.Tests.Sentinel.Words;

namespace Failover.Redis.Tests.Sentinel;

public class SentinelVotesTests
{
    private static readonly SentinelVotes Settled = SentinelVotes.None.After(Word(1, A, 5), Word(2, A, 5), Word(3, A, 5));

    [Fact]
    public void Two_of_three_bind_and_one_does_not()
    {
        SentinelVotes one = SentinelVotes.None.After(Word(1, A, 5), null, null);
        SentinelVotes two = one.After(Word(1, A, 5), Word(2, A, 5), null);

        Assert.Null(one.Binding);
        Assert.False(one.HasMajority);
        Assert.Equal((A, new Epoch("mymaster@00000001", 5)), (two.Binding!.Value.Address, two.Binding.Value.Epoch));
        Assert.Equal((3, 2, 2), (two.Known, two.Heard, two.Agreeing));
    }

    [Fact]
    public void Two_of_four_are_no_majority() =>
        Assert.Null(SentinelVotes.None.After(Word(1, A, 5, 3), Word(2, A, 5, 3), null, null).Binding);

    [Fact]
    public void Sentinels_that_nobody_configured_count_where_the_others_know_of_them()
    {
        // Two are configured, five there are.
        SentinelVotes votes = SentinelVotes.None.After(Word(1, A, 5, 4, 1, 2, 3, 4, 5), Word(2, A, 5, 4, 1, 2, 3, 4, 5));

        Assert.Equal(5, votes.Known);
        Assert.Null(votes.Binding);
    }

    [Fact]
    public void Different_epochs_of_one_address_are_not_added() =>
        Assert.Null(SentinelVotes.None.After(Word(1, A, 5), Word(2, A, 6), null).Binding);

    [Fact]
    public void A_higher_epoch_of_most_is_taken_and_that_of_one_is_not()
    {
        SentinelVotes one = Settled.After(Word(1, A, 5), Word(2, A, 5), Word(3, B, 6));
        SentinelVotes two = one.After(Word(1, A, 5), Word(2, B, 6), Word(3, B, 6));

        Assert.Equal(A, one.Binding!.Value.Address);
        Assert.Equal((B, 6), (two.Binding!.Value.Address, two.Binding.Value.Epoch.Number));
        Assert.Equal(Settled.Binding!.Value.Epoch.Lineage, two.Binding.Value.Epoch.Lineage);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_lower_or_equal_epoch_of_another_address_is_refused_even_from_all(long epoch)
    {
        SentinelVotes votes = Settled.After(Word(1, B, epoch), Word(2, B, epoch), Word(3, B, epoch));

        Assert.Equal(Settled.Binding, votes.Binding);
        Assert.Equal((B, epoch), (votes.Refused!.Value.Address, votes.Refused.Value.Epoch.Number));
        Assert.Null(votes.After(Word(1, A, 5), Word(2, A, 5), Word(3, A, 5)).Refused);
    }

    [Fact]
    public void When_most_fall_silent_the_last_word_stands_and_one_alone_changes_nothing()
    {
        SentinelVoice[] voices = [new(true, Word(1, A, 5), TimeSpan.Zero), new(true, Word(2, B, 9), TimeSpan.Zero), new(true, Word(3, B, 9), TimeSpan.FromSeconds(60))];

        SentinelVotes votes = Settled.Count(Service, voices, TimeSpan.FromSeconds(60));

        Assert.Equal(Settled.Binding, votes.Binding);
        Assert.Equal((3, 1, false), (votes.Known, votes.Heard, votes.HasMajority));
    }

    [Fact]
    public void Two_addresses_of_one_sentinel_are_one_voice_and_one_configured_sentinel()
    {
        SentinelVotes votes = SentinelVotes.None.After(Word(1, A, 5), Word(1, A, 5), null);

        Assert.Null(votes.Binding);
        Assert.Equal(1, votes.Heard);
        Assert.Equal(2, SentinelVotes.None.After(Word(1, A, 5, 1, 1, 2), Word(1, A, 5, 1, 1, 2), Word(2, A, 5, 1, 1, 2)).Known);
    }

    [Fact]
    public void Who_takes_the_id_of_another_silences_nobody_and_counts_once()
    {
        SentinelVotes votes = Settled.After(Word(1, A, 6), Word(2, A, 6), Word(2, B, 9));

        Assert.Equal((A, 6), (votes.Binding!.Value.Address, votes.Binding.Value.Epoch.Number));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public void One_that_miscounts_the_others_makes_a_majority_neither_impossible_nor_its_own(int others)
    {
        SentinelVotes honest = SentinelVotes.None.After(Word(1, A, 5), Word(2, A, 5), Word(3, B, 9, others, 1, 2, 3));
        SentinelVotes early = SentinelVotes.None.After(null, null, Word(3, B, 9, others));
        SentinelVotes half = SentinelVotes.None.After(null, Word(2, A, 5), Word(3, B, 9, others));

        Assert.Equal((A, 5, 3), (honest.Binding!.Value.Address, honest.Binding.Value.Epoch.Number, honest.Known));
        Assert.Equal((null, 3), (early.Binding, early.Known));
        Assert.Equal((null, 3), (half.Binding, half.Known));
        Assert.Equal(A, half.After(Word(1, A, 5), Word(2, A, 5), Word(3, B, 9, others)).Binding!.Value.Address);
    }

    [Fact]
    public void One_that_is_left_alone_cannot_say_that_there_are_no_others()
    {
        // One is configured; two more were found.
        SentinelVoice[] three = [new(true, Word(1, A, 5), TimeSpan.Zero), new(false, Word(2, A, 5), TimeSpan.Zero), new(false, Word(3, A, 5), TimeSpan.Zero)];
        SentinelVotes all = SentinelVotes.None.Count(Service, three, TimeSpan.Zero);
        TimeSpan later = TimeSpan.FromMinutes(1);

        SentinelVotes alone = all.Count(Service, [three[0], three[1], new(false, Word(3, B, 9, 0, 3), later)], later);
        SentinelVotes beside = all.Count(Service, [new(true, Word(1, A, 5), later), three[1], new(false, Word(3, B, 9, 0, 3), later)], later);

        Assert.Equal((3, all.Binding), (alone.Known, alone.Binding));
        Assert.Equal((2, all.Binding), (beside.Known, beside.Binding));
    }

    [Fact]
    public void A_set_that_is_replaced_one_by_one_stays_the_same_set()
    {
        SentinelVotes votes = Settled
            .After(Word(4, A, 5, 2, 2, 3, 4), Word(2, A, 5, 2, 2, 3, 4), Word(3, A, 5, 2, 2, 3, 4))
            .After(Word(4, A, 5, 2, 3, 4, 5), Word(5, A, 5, 2, 3, 4, 5), Word(3, A, 5, 2, 3, 4, 5))
            .After(Word(4, A, 5, 2, 4, 5, 6), Word(5, A, 5, 2, 4, 5, 6), Word(6, A, 5, 2, 4, 5, 6))
            .After(Word(4, B, 6, 2, 4, 5, 6), Word(5, B, 6, 2, 4, 5, 6), Word(6, B, 6, 2, 4, 5, 6));

        Assert.Equal(new Epoch("mymaster@00000001", 6), votes.Binding!.Value.Epoch);
    }

    [Fact]
    public void A_set_of_which_all_are_others_is_a_new_lineage_whatever_its_epoch()
    {
        SentinelVotes mixed = Settled.After(Word(4, B, 0, 2, 4, 5, 3), Word(5, B, 0, 2, 4, 5, 3), Word(3, A, 5));
        SentinelVotes rebuilt = mixed.After(Word(4, B, 0, 2, 4, 5, 6), Word(5, B, 0, 2, 4, 5, 6), Word(6, B, 0, 2, 4, 5, 6));

        Assert.Equal(Settled.Binding, mixed.Binding);
        Assert.Equal((B, new Epoch("mymaster@00000004", 0)), (rebuilt.Binding!.Value.Address, rebuilt.Binding.Value.Epoch));
    }

    [Fact]
    public void The_lineage_is_the_same_for_whoever_hears_which_of_them_first()
    {
        Epoch first = SentinelVotes.None.After(Word(1, A, 5), Word(2, A, 5), null).Binding!.Value.Epoch;

        Assert.Equal(first, SentinelVotes.None.After(null, Word(2, A, 5), Word(3, A, 5)).Binding!.Value.Epoch);
    }

    [Fact]
    public void A_single_sentinel_alone_is_a_majority_of_one() =>
        Assert.Equal(A, SentinelVotes.None.After(Word(1, A, 5, 0, 1)).Binding!.Value.Address);

    [Fact]
    public void Whatever_one_of_three_says_over_time_the_binding_is_that_of_the_other_two_and_never_goes_back()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        SentinelVotes votes = Settled;
        long epoch = 5;
        for (int i = 0; i < 5_000; i++)
        {
            epoch += random.Next(2);
            SentinelWord lie = Word(random.Next(1, 8), random.Next(2) == 0 ? B : C, random.Next(20) == 0 ? long.MaxValue : epoch + random.Next(-5, 5), random.Next(1000), [.. Enumerable.Range(1, random.Next(1, 9))]);
            SentinelVotes next = votes.After([.. new[] { random.Next(4) == 0 ? null : Word(1, A, epoch), Word(2, A, epoch), lie }.OrderBy(_ => random.Next())]);

            Assert.True(next.Binding!.Value.Address == A && next.Binding.Value.Epoch.Number >= votes.Binding!.Value.Epoch.Number && next.Binding.Value.Epoch.Lineage == "mymaster@00000001", $"{next} after {votes}, seed {seed}");
            votes = next;
        }

        Assert.Equal(epoch, votes.After(Word(1, A, epoch), Word(2, A, epoch), Word(3, A, epoch)).Binding!.Value.Epoch.Number);
    }
}
