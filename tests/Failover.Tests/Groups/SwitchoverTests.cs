namespace Failover.Tests.Groups;

public sealed class SwitchoverTests
{
    [Fact]
    public async Task A_switch_that_is_asked_for_ends_with_its_final_revision()
    {
        await using Watched group = await Watched.SettledAsync();
        TaskCompletionSource<ProbeResult> check = group.Probe.Hang(group.B);

        Task<Switchover> asked = group.Group.SwitchToAsync("B", CancellationToken.None);
        Assert.Same(group.B, group.Now.Active);
        Task<Switchover> again = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        Assert.False(asked.IsCompleted);
        group.Probe.Answer(group.B, ProbeResult.Success());
        check.SetResult(ProbeResult.Success());

        Switchover made = await Until.Ends(asked);
        Assert.True(made.IsFinal);
        Assert.Equal((SwitchoverCause.Manual, SwitchoverOutcome.Completed), (made.Cause, made.Outcome));
        Assert.NotNull(made.Verified);
        Assert.Same(made, await Until.Ends(again));
        Assert.Same(made, await Until.Ends(group.Group.SwitchToAsync("http://b.test", CancellationToken.None)));
        Assert.Same(group.B, group.Now.Active);
    }

    [Fact]
    public async Task A_switch_that_cannot_be_is_refused_with_its_reason()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.B].Meter;
        for (int i = 0; i < 3; i++)
        {
            meter.Failed(meter.Start());
        }

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => group.Group.SwitchToAsync(group.B, CancellationToken.None));
        Assert.Contains("3 calls failed in a row", refused.Message, StringComparison.Ordinal);
        Assert.Single(group.Logged("SwitchRefused"));
        ArgumentException unknown = await Assert.ThrowsAsync<ArgumentException>(() => group.Group.SwitchToAsync(new FailoverMember(new("http://z.test/")), CancellationToken.None));
        Assert.Contains("a, b", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_cannot_switch_says_why()
    {
        await using Watched said = new(g => g.CannotSwitch("Keepalived elects."));
        await using Watched follows = new(g => g.ElectByRole());

        Assert.Equal("Keepalived elects.", (await Assert.ThrowsAsync<NotSupportedException>(() => said.Group.SwitchToAsync(said.B, CancellationToken.None))).Message);
        Assert.Contains("elect their primary", (await Assert.ThrowsAsync<NotSupportedException>(() => follows.Group.SwitchToAsync(follows.B, CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_token_ends_the_wait_and_not_the_switch()
    {
        await using Watched group = await Watched.SettledAsync();
        group.Probe.Hang(group.B);
        using CancellationTokenSource patience = new();

        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, patience.Token);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Until.Ends(asked));
        Assert.Same(group.B, group.Now.Active);
    }

    [Fact]
    public async Task A_reader_gets_each_revision_in_order_from_its_call_on()
    {
        await using Watched group = new();
        IAsyncEnumerator<Switchover> all = group.Group.ReadSwitchoversAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await Until.Ends(all.MoveNextAsync().AsTask()));
        Assert.Equal(SwitchoverCause.Initial, all.Current.Cause);
        await Until.True(() => group.Now.Members.All(m => m.Verdict == Verdict.Healthy));

        IAsyncEnumerator<Switchover> later = group.Group.ReadSwitchoversAsync(CancellationToken.None).GetAsyncEnumerator();
        TaskCompletionSource<ProbeResult> check = group.Probe.Hang(group.B);
        group.Group.Drain(group.A);
        check.SetResult(ProbeResult.Success());

        foreach (IAsyncEnumerator<Switchover> reader in new[] { all, later })
        {
            Assert.True(await Until.Ends(reader.MoveNextAsync().AsTask()));
            Assert.Equal((SwitchoverCause.Drain, 1, false), (reader.Current.Cause, reader.Current.Revision, reader.Current.IsFinal));
            Guid id = reader.Current.Id;
            Assert.True(await Until.Ends(reader.MoveNextAsync().AsTask()));
            Assert.Equal((id, 2, true), (reader.Current.Id, reader.Current.Revision, reader.Current.IsFinal));
            await reader.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_revisions_and_holds_up_nobody()
    {
        await using Watched group = await Watched.SettledAsync();
        IAsyncEnumerator<Switchover> slow = group.Group.ReadSwitchoversAsync(CancellationToken.None).GetAsyncEnumerator();

        for (int i = 0; i < 200; i++)
        {
            group.Group.Drain(group.A);
            group.Group.Undrain(group.A);
            group.Group.Drain(group.B);
            group.Group.Undrain(group.B);
        }

        await Until.True(() => group.Logged("ReaderFellBehind").Any());
        List<Switchover> kept = [];
        while (kept.Count < 256 && await Until.Ends(slow.MoveNextAsync().AsTask()))
        {
            kept.Add(slow.Current);
        }

        Assert.Equal(256, kept.Count);
        Assert.Equal(kept.OrderBy(s => s.Decided!.Value.Elapsed).ThenBy(s => kept.IndexOf(s)), kept);
    }

    [Fact]
    public async Task A_readers_token_ends_its_reading()
    {
        await using Watched group = await Watched.SettledAsync();
        using CancellationTokenSource enough = new();
        IAsyncEnumerator<Switchover> reader = group.Group.ReadSwitchoversAsync(enough.Token).GetAsyncEnumerator(CancellationToken.None);
        Task<bool> next = reader.MoveNextAsync().AsTask();

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Until.Ends(next));
    }

    [Fact]
    public async Task Pools_are_moved_one_after_the_other_in_order_and_a_mover_that_throws_is_logged()
    {
        RecordingMover broken = new() { Throws = true };
        RecordingMover mover = new();
        await using Watched group = await Watched.SettledAsync(g => g.AddPoolMover(broken).AddPoolMover(mover));
        await Until.True(() => mover.Moves.Count == 1);

        mover.Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        group.Group.Drain(group.A);
        await Until.True(() => mover.Moves.Count == 2);
        group.Group.Undrain(group.A);
        group.Group.Drain(group.B);
        Assert.Same(group.A, group.Now.Active);
        Assert.Equal(2, mover.Moves.Count);
        mover.Gate.SetResult();

        await Until.True(() => mover.Moves.Count == 3 && broken.Moves.Count == 3);
        Assert.Equal([(null, "a"), ("a", "b"), ("b", "a")], mover.Moves);
        Assert.Equal(3, group.Logged("PoolMoverFailed").Count());
    }

    [Fact]
    public async Task Fitness_is_nothing_at_the_start_and_full_once_a_member_is_proven()
    {
        RecordingPublisher publisher = new();
        Watched group = new(g => g.AddFitnessPublisher(publisher));
        TaskCompletionSource<ProbeResult> first = group.Probe.Hang(group.A);
        group.Probe.Answer(group.B, ProbeResult.Failure("closed"));
        group.Group.Start();
        await Until.True(() => publisher.Told.Count == 1);

        first.SetResult(ProbeResult.Success());
        await Until.True(() => publisher.Told.Count == 2);
        group.Probe.Answer(group.A, ProbeResult.Failure("closed"));
        await group.AdvanceUntilAsync(() => group.Now.Condition == GroupCondition.Unavailable);
        await Until.True(() => publisher.Told.Count == 3);

        Assert.Equal([0, 100, 0], publisher.Told);
        await group.DisposeAsync();
    }

    private sealed class RecordingMover : IPoolMover
    {
        internal List<(string? From, string? To)> Moves { get; } = [];

        internal bool Throws { get; init; }

        internal TaskCompletionSource? Gate { get; set; }

        public async ValueTask MoveAsync(FailoverMember? previous, FailoverMember? active, CancellationToken cancellationToken)
        {
            Moves.Add((previous?.Name, active?.Name));
            if (Throws)
            {
                throw new InvalidOperationException("broken");
            }

            await (Gate?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask);
        }
    }

    private sealed class RecordingPublisher : IFitnessPublisher
    {
        internal List<int> Told { get; } = [];

        public ValueTask PublishAsync(Fitness fitness, CancellationToken cancellationToken)
        {
            Told.Add(fitness.Percent);
            return ValueTask.CompletedTask;
        }
    }
}
