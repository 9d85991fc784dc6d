namespace Failover.DnsSwitching.Tests.Switching;

/// <summary>Moves whose answers were lost: what became of them is seen at the next look.</summary>
public sealed class LostMoveTests
{
    private static readonly DnsOutcome Lost = new DnsOutcome.Unknown("no answer in time");

    private readonly MemoryZone _zone = new();

    [Fact]
    public async Task A_lost_answer_is_asked_for_under_the_same_operation()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        _zone.Answer = _ => _zone.Changes.Count > 1 ? null : Lost;

        host.Sicken("a");
        await host.SettlesOnAsync("b");

        Assert.Equal(2, _zone.Changes.Count);
        Assert.Single(_zone.Changes.Select(static change => change.Owner.Operation).Distinct());
    }

    [Fact]
    public async Task A_change_that_was_made_though_its_answer_was_lost_is_known_for_ours_and_can_be_put_back()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        _zone.Answer = MakesAndLosesTheAnswer;
        await Until.Ends(host.Group.SwitchToAsync("b", CancellationToken.None));
        Assert.Single(_zone.Changes);
        Assert.Empty(host.Logged("NameChangedOutside"));
        Assert.Null(host.Switch.Snapshot.Problem);
        Assert.NotNull(host.Switch.Snapshot.LastMove);

        host.Group.Pin();
        _zone.Answer = null;
        await host.Switch.RestoreAsync(CancellationToken.None);

        await host.SettlesOnAsync("a");
        Assert.Equal("A 192.0.2.1", _zone.State.Values.ToString());
    }

    [Fact]
    public async Task A_move_and_the_way_back_whose_answers_were_both_lost_are_each_sent_once_and_found_to_be_ours()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        _zone.Answer = MakesAndLosesTheAnswer;

        foreach (string member in (string[])["b", "a"])
        {
            Assert.Equal(SwitchoverOutcome.Completed, (await Until.Ends(host.Group.SwitchToAsync(member, CancellationToken.None))).Outcome);
            await Until.True(() => host.Group.Snapshot is { Condition: GroupCondition.Settled, LastSwitchover.IsFinal: true });
        }

        Assert.Equal(["A 192.0.2.2", "A 192.0.2.1"], _zone.Changes.Select(static change => change.Values.ToString()));
        Assert.Equal(2, _zone.Changes.Select(static change => change.Owner.Operation).Distinct().Count());
        Assert.Collection(
            host.Logged("NameMoved"),
            static told => Assert.Contains("from A 192.0.2.1 to A 192.0.2.2, by", told, StringComparison.Ordinal),
            static told => Assert.Contains("from A 192.0.2.2 to A 192.0.2.1, by", told, StringComparison.Ordinal));
        Assert.Empty((string[])[.. host.Logged("NameChangedOutside"), .. host.Logged("NameMovedElsewhere")]);
        Assert.Null(host.Switch.Snapshot.Problem);
        Assert.Equal("A 192.0.2.1", _zone.State.Values.ToString());
    }

    private DnsOutcome MakesAndLosesTheAnswer(DnsChange change)
    {
        _zone.Made(change);
        return Lost;
    }
}
