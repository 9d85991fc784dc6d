using Microsoft.Extensions.Logging;

namespace Failover.Tests.Groups;

public sealed class ActingTests
{
    private readonly FakeSwitcher _switcher = new();
    private readonly FakeArbiter _arbiter = new();

    private Task<Watched> SettledAsync() => SettledAsync(static _ => { });

    private async Task<Watched> SettledAsync(Action<FailoverGroupBuilder> configure)
    {
        Watched group = new(g => configure(g.UseSwitcher(_switcher).UseArbiter(_arbiter)));
        _switcher.PointsTo = group.A;
        group.Group.Start();
        await Until.True(() => group.Now is { Condition: GroupCondition.Settled } now && now.Members.All(m => m.Verdict == Verdict.Healthy));
        return group;
    }

    [Fact]
    public async Task A_switch_is_made_under_the_lease_and_read_back()
    {
        Watched group = await SettledAsync();
        Assert.Empty(_switcher.Applied);

        Switchover made = await Until.Ends(group.Group.SwitchToAsync(group.B, CancellationToken.None));

        Assert.Equal((SwitchoverOutcome.Completed, 1L), (made.Outcome, made.LeaseToken));
        Assert.Equal([("b", 1L)], _switcher.Applied);
        Assert.Same(group.B, group.Now.Active);
        Assert.Contains(group.Logged("SwitchPlanned"), r => r.Message.Contains("point to b", StringComparison.Ordinal));

        await group.DisposeAsync();
        Assert.True(Assert.Single(_arbiter.Leases).IsDisposed);
    }

    [Fact]
    public async Task Without_the_lease_nothing_is_done()
    {
        _arbiter.Refuses = true;
        await using Watched group = await SettledAsync();

        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await group.AdvanceUntilAsync(() => _arbiter.Asked >= 3);
        Assert.Empty(_switcher.Applied);
        Assert.False(asked.IsCompleted);

        _arbiter.Refuses = false;
        await group.AdvanceUntilAsync(() => asked.IsCompleted);
        Assert.Equal(SwitchoverOutcome.Completed, (await asked).Outcome);
    }

    [Fact]
    public async Task A_lease_that_another_holds_is_waited_for_and_asked_for_as_soon_as_it_is_free()
    {
        (_arbiter.Refuses, _arbiter.Free) = (true, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await using Watched group = await SettledAsync();
        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await Until.True(() => group.Logged("LeaseNotGranted").Any());
        DateTimeOffset begin = group.Time.GetUtcNow();

        _arbiter.Refuses = false;
        _arbiter.Free.SetResult();
        await group.AdvanceUntilAsync(() => asked.IsCompleted);

        Assert.Equal((SwitchoverOutcome.Completed, 2), ((await asked).Outcome, _arbiter.Asked));
        Assert.InRange(group.Time.GetUtcNow() - begin, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task The_lease_is_asked_for_at_the_start_given_back_after_a_rest_and_asked_for_again_when_it_is_needed()
    {
        await using Watched group = await SettledAsync();
        await Until.True(() => _arbiter.Leases.Count == 1);

        await group.AdvanceUntilAsync(() => _arbiter.Leases[0].IsDisposed);
        Assert.Empty(_switcher.Applied);
        Assert.Single(group.Logged("LeaseAtRest"));

        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await group.AdvanceUntilAsync(() => asked.IsCompleted);
        Assert.Equal(2, (await asked).LeaseToken);
        Assert.Equal([("b", 2L)], _switcher.Applied);
        await group.AdvanceUntilAsync(() => _arbiter.Leases[1].IsDisposed);
    }

    [Fact]
    public async Task A_lease_that_is_lost_in_the_midst_of_an_act_stops_it_and_the_next_act_has_a_new_one()
    {
        await using Watched group = await SettledAsync();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _switcher.During = token =>
        {
            begun.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await Until.Ends(begun.Task);

        _switcher.During = null;
        _arbiter.Leases[0].Lose();

        await group.AdvanceUntilAsync(() => asked.IsCompleted);
        Assert.Contains(group.Logged("SwitchNotApplied"), r => r.Message.Contains("Unknown", StringComparison.Ordinal));
        Assert.Equal([("b", 1L), ("b", 2L)], _switcher.Applied);
        Assert.True(_arbiter.Leases[0].IsDisposed);
    }

    [Fact]
    public async Task A_lease_that_is_lost_is_given_back_when_the_act_under_it_has_ended_and_not_before()
    {
        await using Watched group = await SettledAsync();
        TaskCompletionSource ends = new();
        _switcher.During = _ => ends.Task;
        _ = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await Until.True(() => _switcher.Applied.Count == 1);

        _arbiter.Leases[0].Lose();
        await group.AdvanceUntilAsync(() => group.Logged("LeaseLost").Any());
        Assert.False(_arbiter.Leases[0].IsDisposed);

        _switcher.During = null;
        ends.SetResult();
        await Until.True(() => _arbiter.Leases[0].IsDisposed);
    }

    [Fact]
    public async Task A_lease_that_has_run_out_and_never_tells_is_asked_for_again()
    {
        await using Watched group = await SettledAsync();
        await Until.True(() => _arbiter.Leases.Count == 1 && group.Logged("LeaseGranted").Any());
        _arbiter.Leases[0].IsStale = true;

        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await group.AdvanceUntilAsync(() => asked.IsCompleted);

        Assert.Equal((SwitchoverOutcome.Completed, 2L), ((await asked).Outcome, (await asked).LeaseToken));
        Assert.Equal([("b", 2L)], _switcher.Applied);
        Assert.Single(group.Logged("SwitchNotApplied"));
        Assert.True(_arbiter.Leases[0].IsDisposed);
    }

    [Fact]
    public async Task A_lease_under_which_nothing_could_be_done_is_given_back_at_once_and_asked_for_with_the_next_try()
    {
        await using Watched group = await SettledAsync();
        await Until.True(() => _arbiter.Leases.Count == 1 && group.Logged("LeaseGranted").Any());
        _switcher.Reading = static _ => throw new IOException("no route from here");
        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);

        // The clock stands still.
        await Until.True(() => _arbiter.Leases[0].IsDisposed);
        Assert.Single(group.Logged("LeaseGivenUp"));
        Assert.Equal(1, _arbiter.Asked);

        await group.AdvanceUntilAsync(() => _arbiter.Asked == 4);
        Assert.InRange(group.Logged("AuthorityNotRead").Count(), 0, 1);
        _switcher.Reading = null;
        await group.AdvanceUntilAsync(() => asked.IsCompleted);
        Assert.Equal(SwitchoverOutcome.Completed, (await asked).Outcome);
        Assert.Equal([("b", (await asked).LeaseToken)], _switcher.Applied);
    }

    [Fact]
    public async Task An_arbiter_that_is_away_is_told_of_in_its_own_words_and_once()
    {
        _arbiter.Asking = static _ => throw new LeaseStoreException("etcd does not answer");
        await using Watched group = await SettledAsync();
        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await group.AdvanceUntilAsync(() => _arbiter.Asked == 4);

        Assert.Contains("etcd does not answer", Assert.Single(group.Logged("LeaseFailed")).Message, StringComparison.Ordinal);
        Assert.False(asked.IsCompleted);

        _arbiter.Asking = null;
        await group.AdvanceUntilAsync(() => asked.IsCompleted);
        Assert.Equal(SwitchoverOutcome.Completed, (await asked).Outcome);
    }

    [Fact]
    public async Task An_arbiter_that_is_away_is_asked_each_30_seconds_however_often_it_was_asked_for_a_switch_meanwhile()
    {
        _arbiter.Asking = static _ => throw new IOException("gone");
        await using Watched group = await SettledAsync(static builder => builder.Configure(static options => options.MaxSwitchTime = TimeSpan.FromSeconds(30)));
        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await group.AdvanceUntilAsync(() => asked.IsCompleted);
        Assert.Equal((SwitchoverOutcome.Abandoned, "the lease was not granted: another holds it, or the arbiter does not answer"), ((await asked).Outcome, (await asked).Evidence));
        int before = _arbiter.Asked;
        Assert.InRange(before, 3, int.MaxValue);

        await group.AdvanceUntilAsync(() => _arbiter.Asked > before);
        (before, DateTimeOffset since) = (_arbiter.Asked, group.Time.GetUtcNow());
        await group.AdvanceUntilAsync(() => _arbiter.Asked > before);

        // The clock moves in steps of 50 ms, and the question comes a step or two later.
        Assert.InRange(group.Time.GetUtcNow() - since, TimeSpan.FromSeconds(29), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task A_switcher_that_never_comes_back_is_left_behind_and_not_called_twice()
    {
        await using Watched group = await SettledAsync();
        TaskCompletionSource never = new();
        _switcher.During = _ => never.Task;
        _ = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await Until.True(() => _switcher.Applied.Count == 1);

        await group.AdvanceUntilAsync(() => group.Logged("SwitchNotApplied").Any(r => r.Message.Contains("no answer within 30 s", StringComparison.Ordinal)));
        await group.AdvanceUntilAsync(() => group.Logged("AuthorityNotRead").Any());
        Assert.Single(_switcher.Applied);
        Assert.Equal(0, _switcher.Version);

        _switcher.During = null;
        never.SetResult();
        await group.AdvanceUntilAsync(() => group.Now.Active == group.B);
    }

    [Fact]
    public async Task A_switcher_that_throws_in_the_midst_of_an_act_does_not_know_what_it_did()
    {
        await using Watched group = await SettledAsync();
        _switcher.During = _ => throw new InvalidOperationException("Password=hunter2");

        _ = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await Until.True(() => group.Logged("SwitchNotApplied").Any());

        string message = group.Logged("SwitchNotApplied").First().Message;
        Assert.Contains("Unknown", message, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_whose_logger_throws_acts_all_the_same()
    {
        using ThrowingLoggers loggers = new();
        await using Watched group = await SettledAsync(builder => builder.UseLoggerFactory(loggers));

        Switchover made = await Until.Ends(group.Group.SwitchToAsync(group.B, CancellationToken.None));

        Assert.Equal((SwitchoverOutcome.Completed, 1L), (made.Outcome, made.LeaseToken));
        Assert.Equal([("b", 1L)], _switcher.Applied);
        Assert.InRange(loggers.Asked, 1, int.MaxValue);
    }

    [Fact]
    public async Task An_arbiter_that_does_not_answer_counts_as_not_granted_and_its_late_lease_is_given_back()
    {
        TaskCompletionSource late = new();
        _arbiter.Asking = _ => late.Task;
        await using Watched group = await SettledAsync();

        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await group.AdvanceUntilAsync(() => group.Logged("LeaseFailed").Any());
        _arbiter.Asking = null;
        await group.AdvanceUntilAsync(() => asked.IsCompleted);
        FakeLease held = Assert.Single(_arbiter.Leases);

        late.SetResult();
        await Until.True(() => _arbiter.Leases.Count == 2 && _arbiter.Leases[1].IsDisposed);
        Assert.False(held.IsDisposed);
    }

    [Fact]
    public async Task A_hint_source_that_ends_is_started_again_with_a_growing_pause()
    {
        BrokenSource source = new();
        await using Watched group = await Watched.SettledAsync(g => g.AddHintSource(source));
        await Until.True(() => source.Started.Count == 1);

        await group.AdvanceUntilAsync(() => source.Started.Count == 4);

        Assert.Equal(["00:00:01", "00:00:02", "00:00:04"], group.Logged("HintSourceEnded").Take(3).Select(r => r.GetStructuredStateValue("Pause")!));
    }

    [Fact]
    public async Task A_hint_makes_the_group_look()
    {
        await using Watched group = await Watched.SettledAsync();
        int asked = group.Probe.Asked(group.B);

        group.Group.Hint(new(HintKind.LookNow, "sentinel") { Member = group.B });

        await group.AdvanceUntilAsync(() => group.Probe.Asked(group.B) == asked + 1);
        Assert.Equal(asked, group.Probe.Asked(group.A));
    }

    private sealed class ThrowingLoggers : ILoggerFactory, ILogger
    {
        private int _asked;

        internal int Asked => _asked;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new InvalidOperationException();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public bool IsEnabled(LogLevel logLevel)
        {
            Interlocked.Increment(ref _asked);
            throw new InvalidOperationException("The logger is broken.");
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => throw new InvalidOperationException("The logger is broken.");

        public void Dispose()
        {
        }
    }

    private sealed class BrokenSource : IHintSource
    {
        internal List<CancellationToken> Started { get; } = [];

        public async IAsyncEnumerable<Hint> ReadHintsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Started.Add(cancellationToken);
            await Task.Yield();
            yield return null!;
            throw new IOException("gone");
        }
    }
}
