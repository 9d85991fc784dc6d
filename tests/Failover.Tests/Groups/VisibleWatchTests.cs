namespace Failover.Tests.Groups;

public sealed class VisibleWatchTests
{
    private readonly LateSwitcher _switcher = new();

    private async Task<Watched> SettledAsync()
    {
        Watched group = new(g => g.UseSwitcher(_switcher));
        _switcher.PointsTo = group.A;
        group.Group.Start();
        await Until.True(() => group.Now is { Condition: GroupCondition.Settled } now && now.Members.All(m => m.Verdict == Verdict.Healthy) && now.LastSwitchover is { IsFinal: true });
        return group;
    }

    [Fact]
    public async Task A_switchover_ends_when_callers_see_it()
    {
        await using Watched group = await SettledAsync();
        TaskCompletionSource<bool> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _switcher.Waiting = (_, _) => seen.Task;

        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await Until.True(() => group.Now.Active == group.B);
        Assert.False(asked.IsCompleted);
        seen.SetResult(true);

        Assert.NotNull((await Until.Ends(asked)).Visible);
    }

    [Fact]
    public async Task Who_ignores_the_end_of_its_time_holds_up_no_record()
    {
        await using Watched group = await SettledAsync();
        _switcher.Waiting = static (_, _) => new TaskCompletionSource<bool>().Task;

        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await group.AdvanceUntilAsync(() => asked.IsCompleted);

        Switchover made = await asked;
        Assert.Equal((SwitchoverOutcome.Completed, true, null), (made.Outcome, made.IsFinal, made.Visible));
    }

    [Fact]
    public async Task What_it_throws_is_logged_and_ends_the_record()
    {
        await using Watched group = await SettledAsync();
        _switcher.Waiting = static (_, _) => throw new InvalidOperationException("secret");

        Switchover made = await Until.Ends(group.Group.SwitchToAsync(group.B, CancellationToken.None));

        Assert.Null(made.Visible);
        Assert.Equal(1, group.Logged("VisibleNotKnown").Count(static record => record.Message.Contains("InvalidOperationException", StringComparison.Ordinal) && !record.Message.Contains("secret", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_next_change_cancels_the_wait_for_the_one_before()
    {
        await using Watched group = await SettledAsync();
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _switcher.Waiting = async (active, token) =>
        {
            if (active == group.B)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancelled.SetResult();
            }

            return true;
        };
        Task<Switchover> first = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await Until.True(() => group.Now.Active == group.B);

        Switchover back = await Until.Ends(group.Group.SwitchToAsync(group.A, CancellationToken.None));

        await Until.Ends(cancelled.Task);
        Assert.NotNull(back.Visible);
        Assert.Null((await Until.Ends(first)).Visible);
    }
}
