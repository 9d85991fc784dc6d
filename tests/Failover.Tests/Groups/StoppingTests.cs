namespace Failover.Tests.Groups;

public sealed class StoppingTests
{
    [Fact]
    public async Task The_end_waits_for_no_probe_and_ends_readers_and_waiters()
    {
        Watched group = new();
        using ManualResetEventSlim block = new();
        group.Probe.Hang(group.A);
        group.Probe.Answer(group.B, _ =>
        {
            block.Wait(CancellationToken.None);
            return new(ProbeResult.Success());
        });
        IAsyncEnumerator<Switchover> reader = group.Group.ReadSwitchoversAsync(CancellationToken.None).GetAsyncEnumerator();
        Task<bool> next = reader.MoveNextAsync().AsTask();
        Task<FailoverMember> waiting = group.Group.WaitForActiveAsync(CancellationToken.None).AsTask();
        await Until.True(() => group.Probe.Asked(group.A) == 1);

        await Until.Ends(group.Group.DisposeAsync().AsTask());

        Assert.False(await Until.Ends(next));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Until.Ends(waiting));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => group.Group.WaitForActiveAsync(CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => group.Group.SwitchToAsync("a", CancellationToken.None));
        Assert.False(await group.Group.ReadSwitchoversAsync(CancellationToken.None).GetAsyncEnumerator().MoveNextAsync());
        Assert.Equal(GroupCondition.Starting, group.Now.Condition);
        block.Set();
    }

    [Fact]
    public async Task A_probe_is_told_that_the_group_stops()
    {
        Watched group = new();
        TaskCompletionSource told = new();
        group.Probe.Answer(group.A, token =>
        {
            token.Register(told.SetResult);
            return new(new TaskCompletionSource<ProbeResult>().Task);
        });
        group.Group.Start();
        await Until.True(() => group.Probe.Asked(group.A) == 1);

        await group.DisposeAsync();

        await Until.Ends(told.Task);
    }

    [Fact]
    public async Task The_end_may_come_from_many_threads_and_more_than_once()
    {
        Watched group = await Watched.SettledAsync();

        await Until.Ends(Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => group.Group.DisposeAsync().AsTask()))));
        await group.Group.DisposeAsync();
        int asked = group.Probe.Asked(group.A);
        group.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(asked, group.Probe.Asked(group.A));
        Assert.Single(group.Logged("GroupStopped"));
    }

    public static TheoryData<string> Commands => [.. Does.Keys];

    private static Dictionary<string, Action<Watched>> Does { get; } = new(StringComparer.Ordinal)
    {
        ["Start"] = g => g.Group.Start(),
        ["Pin"] = g => g.Group.Pin(),
        ["Unpin"] = g => g.Group.Unpin(),
        ["Drain"] = g => g.Group.Drain(g.A),
        ["Drain for a time"] = g => g.Group.Drain(g.A, TimeSpan.FromMinutes(1)),
        ["Undrain"] = g => g.Group.Undrain(g.A),
        ["SetMembers"] = g => g.Group.SetMembers([g.B]),
        ["SetMembers to none"] = g => g.Group.SetMembers([]),
        ["AddMember"] = g => g.Group.AddMember(new("c", new("http://c.test/"))),
        ["AddMember that is there"] = g => g.Group.AddMember(g.A),
        ["RemoveMember"] = g => g.Group.RemoveMember(g.A),
        ["TrustLineage"] = g => g.Group.TrustLineage("7301"),
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_to_a_group_that_has_ended_says_so_and_does_nothing(string command)
    {
        Watched never = new();
        await never.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => Does[command](never));

        Watched ended = await Watched.SettledAsync();
        await ended.DisposeAsync();
        GroupSnapshot last = ended.Now;
        int logged = ended.Logs.Count;

        Assert.Throws<ObjectDisposedException>(() => Does[command](ended));

        Assert.Same(last, ended.Now);
        Assert.Equal(logged, ended.Logs.Count);
    }

    [Fact]
    public async Task A_hint_to_a_group_that_has_ended_is_ignored()
    {
        Watched never = new();
        await never.DisposeAsync();
        never.Group.Hint(new(HintKind.LookNow, "test"));

        Watched ended = await Watched.SettledAsync();
        await ended.DisposeAsync();
        ended.Group.Hint(new(HintKind.LookNow, "test"));

        Assert.Same(ended.A, ended.Now.Active);
        Assert.Equal(0, never.Probe.Asked(never.A));
    }

    [Fact]
    public async Task A_group_that_never_started_ends_quietly()
    {
        Watched group = new();

        await group.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => group.Now);
        Assert.Equal(0, group.Probe.Asked(group.A));
    }
}
