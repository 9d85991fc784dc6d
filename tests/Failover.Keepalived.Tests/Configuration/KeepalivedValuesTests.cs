using Failover.Keepalived.Configuration;

namespace Failover.Keepalived.Tests.Configuration;

/// <summary>What the numbers of a credit come to, for all that may be configured.</summary>
public sealed class KeepalivedValuesTests
{
    private static readonly int[] Ready = [198, 199, 200];
    private static readonly int[] Hold = [98, 99, 100];
    private static readonly int[] Unproven = [0, 1, 2, 3];

    private static IEnumerable<(int Own, int Peer)> Pairs =>
        from own in Enumerable.Range(1, KeepalivedValues.HighestPriority)
        from peer in Enumerable.Range(1, KeepalivedValues.HighestPriority)
        where Math.Abs(own - peer) >= KeepalivedValues.LeastDistance
        select (own, peer);

    [Fact]
    public void No_credit_is_cut_off_at_either_end() =>
        Assert.All(Ready.Concat(Hold).Concat(Unproven), credit => Assert.All([1, KeepalivedValues.HighestPriority], priority => Assert.Equal(priority + credit, Counted(priority + credit))));

    [Fact]
    public void Of_two_nodes_that_are_as_fit_the_preferred_one_is_above() =>
        Assert.All(Pairs.Where(static pair => pair.Own > pair.Peer), static pair => Assert.All(
            [Ready, Hold],
            credits => Assert.True(pair.Own + credits.Min() > pair.Peer + credits.Max())));

    [Fact]
    public void A_node_whose_app_does_not_answer_is_below_any_peer_with_a_credit() =>
        Assert.All(Pairs, static pair => Assert.All(
            Ready.Concat(Hold).Concat(Unproven),
            credit => Assert.True(Counted(pair.Own + credit + KeepalivedValues.HangWeight) < pair.Peer + Hold.Min())));

    // What keepalived makes of a sum: no weight of a script leads below 1, or to FAULT.
    private static int Counted(int sum) => Math.Clamp(sum, 1, 254);
}
