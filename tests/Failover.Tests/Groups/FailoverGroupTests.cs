using Failover.Groups;
using Microsoft.Extensions.Logging;

namespace Failover.Tests.Groups;

public sealed class FailoverGroupTests
{
    [Fact]
    public async Task The_first_read_of_the_snapshot_starts_the_group()
    {
        await using Watched group = new();
        Assert.Equal(0, group.Probe.Asked(group.A));

        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));

        await Until.True(() => group.Now.Condition == GroupCondition.Settled);
        Assert.Same(group.A, group.Now.Active);
        await Until.True(() => group.Now.Members[1].Verdict == Verdict.Healthy);
        Assert.Equal([1, 1], [group.Probe.Asked(group.A), group.Probe.Asked(group.B)]);
    }

    [Fact]
    public async Task A_member_is_probed_again_after_its_interval_and_not_before()
    {
        await using Watched group = await Watched.SettledAsync();

        group.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, group.Probe.Asked(group.B));

        group.Time.Advance(TimeSpan.FromSeconds(2));
        await Until.True(() => group.Probe.Asked(group.A) == 3 && group.Probe.Asked(group.B) == 3);
    }

    [Fact]
    public async Task Failed_calls_have_moved_the_group_when_the_last_of_them_returns()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;

        for (int i = 0; i < 3; i++)
        {
            Assert.Same(group.A, group.Now.Active);
            meter.Failed(meter.Start());
        }

        Assert.Same(group.B, group.Now.Active);
        Assert.Same(group.B, group.Now.Route[0].Member);
        Assert.Equal(Verdict.Unhealthy, group[group.A].Verdict);
        Assert.Equal("3 calls failed in a row", group[group.A].Evidence);
    }

    [Fact]
    public async Task A_drained_member_is_left_and_comes_back_when_its_time_is_over()
    {
        await using Watched group = await Watched.SettledAsync();

        group.Group.Drain(group.A, TimeSpan.FromSeconds(20));
        Assert.Same(group.B, group.Now.Active);
        Assert.True(group[group.A].IsDrained);
        Assert.Equal(SwitchoverCause.Drain, group.Now.LastSwitchover?.Cause);

        await group.AdvanceUntilAsync(() => !group[group.A].IsDrained);
        group.Group.Drain(group.B);
        group.Group.Undrain(group.B);
        Assert.False(group[group.B].IsDrained);
        Assert.Throws<ArgumentException>(() => group.Group.Drain(new FailoverMember(new("http://z.test/"))));
    }

    [Fact]
    public async Task A_pinned_group_stays_where_it_is()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;

        group.Group.Pin();
        for (int i = 0; i < 3; i++)
        {
            meter.Failed(meter.Start());
        }

        Assert.True(group.Now.IsPinned);
        Assert.Same(group.A, group.Now.Active);

        group.Group.Unpin();
        Assert.Same(group.B, group.Now.Active);
    }

    [Fact]
    public async Task Waiting_for_the_active_member_ends_with_its_first_proof()
    {
        await using Watched group = new();
        TaskCompletionSource<ProbeResult> first = group.Probe.Hang(group.A);
        group.Probe.Answer(group.B, ProbeResult.Failure("closed"));

        Task<FailoverMember> waiting = group.Group.WaitForActiveAsync(CancellationToken.None).AsTask();
        await Until.True(() => group.Probe.Asked(group.A) == 1);
        Assert.False(waiting.IsCompleted);

        first.SetResult(ProbeResult.Success());
        Assert.Same(group.A, await Until.Ends(waiting));
        Assert.True(group.Group.WaitForActiveAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_for_the_active_member_ends_with_the_callers_token()
    {
        await using Watched group = new();
        group.Probe.Hang(group.A);
        group.Probe.Hang(group.B);
        using CancellationTokenSource patience = new();

        Task<FailoverMember> waiting = group.Group.WaitForActiveAsync(patience.Token).AsTask();
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Until.Ends(waiting));
    }

    [Fact]
    public async Task A_change_token_fires_once_when_the_active_member_changes()
    {
        await using Watched group = await Watched.SettledAsync();
        TaskCompletionSource fired = new();
        group.Group.GetChangeToken().RegisterChangeCallback(_ => fired.SetResult(), null);

        group.Group.Hint(new(HintKind.LookNow, "test"));
        await group.AdvanceUntilAsync(() => group.Probe.Asked(group.A) == 3);
        Assert.False(fired.Task.IsCompleted);

        group.Group.Drain(group.A);
        await Until.Ends(fired.Task);
        Assert.False(group.Group.GetChangeToken().HasChanged);
    }

    [Fact]
    public async Task A_callback_that_throws_hurts_nobody()
    {
        await using Watched group = await Watched.SettledAsync();
        group.Group.GetChangeToken().RegisterChangeCallback(_ => throw new InvalidOperationException("mine"), null);

        group.Group.Drain(group.A);

        await Until.True(() => group.Logged("EffectFault").Any());
        Assert.Same(group.B, group.Now.Active);
    }

    [Fact]
    public async Task Reading_the_route_allocates_nothing()
    {
        await using Watched group = await Watched.SettledAsync();
        FailoverGroup handle = group.Group;
        object? seen = handle.Snapshot.Route[0];

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            seen = handle.Snapshot.Route[0];
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        GC.KeepAlive(seen);
    }

    [Fact]
    public async Task Snapshots_are_made_anew_only_when_something_in_them_changes()
    {
        await using Watched group = await Watched.SettledAsync();
        GroupSnapshot before = group.Now;

        group.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(before, group.Now);

        group.Group.Pin();
        Assert.Equal(before.Version + 1, group.Now.Version);
        Assert.Same(before.Members[0], group.Now.Members[0]);
    }

    [Fact]
    public async Task New_settings_hold_from_now_on()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;
        GroupOptions options = new();
        options.Detection.FailuresInARow = 1;

        group.Group.Reconfigure(options);
        group.Group.ReportConfigurationError("Failover:Groups:orders:StartTimeout (soon) is not a time.");
        meter.Failed(meter.Start());

        Assert.Same(group.B, group.Now.Active);
        Assert.NotNull(group.Now.ConfigurationError);
        group.Group.ReportConfigurationError(null);
        Assert.Null(group.Now.ConfigurationError);
    }

    private sealed record Nonsense : Failover.Engine.GroupEvent;

    [Fact]
    public async Task A_fault_of_the_engine_is_logged_and_the_group_lives_on()
    {
        await using Watched group = await Watched.SettledAsync();
        GroupSnapshot before = group.Now;

        group.Group.Post(new Nonsense());

        Assert.Same(before, group.Now);
        Assert.Equal(LogLevel.Error, Assert.Single(group.Logged("EngineFault")).Level);
        group.Group.Drain(group.A);
        Assert.Same(group.B, group.Now.Active);
    }
}
