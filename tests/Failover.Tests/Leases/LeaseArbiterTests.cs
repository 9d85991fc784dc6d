using Failover.Arbiters;
using Failover.Leases;
using Failover.Tests.Groups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Failover.Tests.Leases;

public sealed class LeaseArbiterTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly MemoryStore _store;
    private readonly LeaseArbiter _arbiter;

    public LeaseArbiterTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(_log)).SetMinimumLevel(LogLevel.Debug));
        _store = new(_time);
        _arbiter = new(_store, new LeaseOptions { Duration = TimeSpan.FromSeconds(15), Holder = "host-a" }, _time, _loggers);
    }

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public async Task A_lease_is_renewed_for_as_long_as_it_is_wanted()
    {
        await using ILease lease = await AcquireAsync();
        for (int i = 1; i <= 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            int renewals = i;

            // Its answer has been taken in, too: before that the clock must not go on.
            await Until.True(() => _store.CallsOf("renew") == renewals && !((LeaseRun)lease).State.InFlight);
        }

        Assert.True(lease.IsValid);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task While_the_store_is_away_the_lease_is_held_until_its_time_is_over_and_then_lost_without_any_network()
    {
        ILease lease = await AcquireAsync();
        _store.Before = static (_, _) => throw new LeaseStoreException("the store is away");
        bool told = false;
        lease.Lost.Register(() => Volatile.Write(ref told, true));

        for (int i = 0; i < 27; i++)
        {
            Assert.True(lease.IsValid);
            _time.Advance(TimeSpan.FromMilliseconds(500));
            if (i == 9)
            {
                // At a third of its time it was to be renewed.
                await Until.True(() => Logged("LeaseNotRenewed") > 0);
            }
        }

        Assert.False(lease.IsValid);
        await AdvanceUntilAsync(() => Volatile.Read(ref told) && Logged("LeaseOver") > 0);
        Assert.Equal((1, 1), (Logged("LeaseNotRenewed"), Logged("LeaseOver")));
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task A_store_that_hangs_and_ignores_its_token_costs_the_lease_and_nothing_more()
    {
        ILease lease = await AcquireAsync();
        TaskCompletionSource never = new();
        _store.Before = (_, _) => never.Task;

        await AdvanceUntilAsync(() => lease.Lost.IsCancellationRequested);
        Task given = lease.DisposeAsync().AsTask();
        await AdvanceUntilAsync(() => given.IsCompleted);

        await given;
        Assert.Contains(_log.GetSnapshot(), one => one.Id.Name == "LeaseNotReleased");
    }

    [Fact]
    public async Task A_lease_that_was_lost_is_given_back_when_its_holder_has_left_it_and_not_before()
    {
        ILease lease = await AcquireAsync();
        var other = new LeaseArbiter(_store, new LeaseOptions { Holder = "host-b" }, _time, _loggers);
        _store.Before = static (what, _) => what == "renew" ? throw new LeaseStoreException("the store is away") : Task.CompletedTask;
        for (int i = 0; i < 27; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
        }

        await Until.True(() => lease.Lost.IsCancellationRequested);

        // The holder may be in the midst of its work: the margin is there for it.
        for (int i = 0; i < 20; i++)
        {
            Assert.Null(await Until.Ends(other.TryAcquireAsync("nightly", CancellationToken.None).AsTask()));
        }

        Assert.Equal(0, _store.CallsOf("release"));

        await Until.Ends(lease.DisposeAsync().AsTask());
        await using ILease? next = await Until.Ends(other.TryAcquireAsync("nightly", CancellationToken.None).AsTask());
        Assert.Equal(2, next?.Token);
    }

    [Fact]
    public async Task Who_holds_nothing_is_not_told_to_have_given_it_back_in_vain()
    {
        _store.Before = static (_, _) => throw new LeaseStoreException("the store is away");

        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<LeaseStoreException>(async () => await _arbiter.TryAcquireAsync("nightly", CancellationToken.None));
        }

        Assert.Equal(3, _store.CallsOf("release"));
        Assert.Empty(_log.GetSnapshot());
    }

    [Fact]
    public async Task A_grant_whose_answer_was_lost_is_given_back()
    {
        _store.After = static (what, _) => what == "take" ? throw new LeaseStoreException("the answer was lost") : Task.CompletedTask;
        await Assert.ThrowsAsync<LeaseStoreException>(async () => await _arbiter.TryAcquireAsync("nightly", CancellationToken.None));

        _store.After = null;
        await using ILease lease = await AcquireAsync();
        Assert.Equal(2, lease.Token);
        Assert.Equal(["take", "release", "take"], _store.Calls);
    }

    [Fact]
    public async Task A_grant_that_nobody_waits_for_any_more_is_given_back()
    {
        using CancellationTokenSource end = new();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.After = (what, _) =>
        {
            asked.TrySetResult();
            return what == "take" ? answer.Task : Task.CompletedTask;
        };
        Task<ILease?> asking = _arbiter.TryAcquireAsync("nightly", end.Token).AsTask();
        await Until.Ends(asked.Task);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        answer.SetResult();

        await Until.True(() => _store.CallsOf("release") == 1);
        _store.After = null;
        await using ILease next = await AcquireAsync();
        Assert.Equal(2, next.Token);
    }

    [Fact]
    public async Task What_the_store_throws_is_told_without_what_it_may_quote()
    {
        _store.Before = static (_, _) => throw new InvalidOperationException("password=hunter2");

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(async () => await _arbiter.TryAcquireAsync("nightly", CancellationToken.None));

        Assert.Equal("InvalidOperationException", told.Message);
        Assert.DoesNotContain(_log.GetSnapshot(), static one => one.Message.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wait_ends_when_the_lease_is_free_or_runs_out_or_at_the_interval_also_if_the_store_cannot_wait()
    {
        ILease held = await AcquireAsync();
        var other = new LeaseArbiter(_store, new LeaseOptions { Holder = "host-b" }, _time, _loggers);
        Assert.Null(await other.TryAcquireAsync("nightly", CancellationToken.None));

        Task waiting = other.WaitAsync("nightly", CancellationToken.None).AsTask();
        await held.DisposeAsync();
        await AdvanceUntilAsync(() => waiting.IsCompleted);

        await using ILease again = await AcquireAsync();
        _store.WaitFails = true;
        waiting = other.WaitAsync("nightly", CancellationToken.None).AsTask();
        await AdvanceUntilAsync(() => waiting.IsCompleted);

        using CancellationTokenSource end = new();
        waiting = other.WaitAsync("nightly", end.Token).AsTask();
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Until.Ends(waiting));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(700)]
    public async Task A_lease_that_runs_out_is_asked_for_again_at_that_moment_and_not_at_the_interval(int milliseconds)
    {
        Mock<ILeaseStore> store = new();
        store.Setup(one => one.TakeAsync(It.IsAny<LeaseRequest>(), It.IsAny<CancellationToken>())).Returns(() => new(LeaseAnswer.Held("host-b", TimeSpan.FromMilliseconds(milliseconds))));
        store.Setup(one => one.WaitForChangeAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns((string _, CancellationToken token) => new(Task.Delay(Timeout.InfiniteTimeSpan, token)));
        var arbiter = new LeaseArbiter(store.Object, new LeaseOptions { RetryInterval = TimeSpan.FromMinutes(1) }, _time, _loggers);
        Assert.Null(await Until.Ends(arbiter.TryAcquireAsync("nightly", CancellationToken.None).AsTask()));
        DateTimeOffset asked = _time.GetUtcNow();

        Task waiting = arbiter.WaitAsync("nightly", CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(Math.Max(milliseconds, 10)));

        await Until.Ends(waiting);
        Assert.True(_time.GetUtcNow() - asked < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Options_that_are_out_of_their_range_are_all_named()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new LeaseArbiter(
            _store, new LeaseOptions { Duration = TimeSpan.FromMilliseconds(999), Margin = TimeSpan.FromSeconds(1), RetryInterval = TimeSpan.Zero, Holder = " " }));

        Assert.Equal(
            [
                "LeaseOptions:Duration (00:00:00.999) must be from 00:00:01 to 00:10:00.",
                "LeaseOptions:RetryInterval (00:00:00) must be from 00:00:00.100 to 00:01:00.",
                "LeaseOptions:Margin (00:00:01) must be from a hundredth to a half of Duration (00:00:00.999).",
                "LeaseOptions:Holder ( ) must be a name of 1 to 200 characters, without control characters.",
            ],
            refused.Failures);
    }

    private int Logged(string name) => _log.GetSnapshot().Count(one => one.Id.Name == name);

    private async Task<ILease> AcquireAsync()
    {
        ILease? lease = await Until.Ends(_arbiter.TryAcquireAsync("nightly", CancellationToken.None).AsTask());
        Assert.NotNull(lease);
        return lease;
    }

    private async Task AdvanceUntilAsync(Func<bool> condition) => await Until.True(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(50));
        return condition();
    });
}
