using Failover.Arbiters;
using Failover.Tests.Groups;

namespace Failover.Tests.Gates;

public sealed class LeaseGateTests
{
    private readonly MemoryStore _store = new(TimeProvider.System);

    [Fact]
    public async Task One_passes_and_the_next_when_it_hands_over_with_a_higher_token()
    {
        await using GateHost a = new("host-a", _store), b = new("host-b", _store);
        PrimaryScope first = await a.PassAsync();
        Task<PrimaryScope> waiting = b.Gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
        await Until.True(() => b.Gate.State.Holder == "host-a");

        Assert.Equal((true, 1L, "memory"), (first.IsPrimary, first.Token, first.Lineage));
        Assert.Equal(new() { HasAnswer = true, IsPrimary = true, Token = 1, Holder = "host-a", Users = 1 }, a.Gate.State);
        Assert.Equal(new() { HasAnswer = true, Holder = "host-a", Users = 1 }, b.Gate.State);
        Assert.False(waiting.IsCompleted);

        await first.DisposeAsync();

        Assert.False(first.IsPrimary);
        Assert.True(first.Lost.IsCancellationRequested);
        Assert.Throws<OperationCanceledException>(first.ThrowIfNotPrimary);
        await b.AdvanceUntilAsync(() => waiting.IsCompleted);
        await using PrimaryScope second = await waiting;
        Assert.Equal(2, second.Token);
        second.ThrowIfNotPrimary();
        Assert.Equal(new(), a.Gate.State);
    }

    [Fact]
    public async Task All_of_one_process_pass_together_and_the_last_that_leaves_hands_over()
    {
        await using GateHost a = new("host-a", _store);
        PrimaryScope first = await a.PassAsync(), second = await a.PassAsync();
        Assert.Equal(2, a.Gate.State.Users);

        await first.DisposeAsync();
        await first.DisposeAsync();
        Assert.True(second.IsPrimary);
        Assert.Equal(0, _store.CallsOf("release"));

        await second.DisposeAsync();
        Assert.Equal(1, _store.CallsOf("release"));
        Assert.Equal(1, _store.CallsOf("take"));
    }

    [Fact]
    public async Task A_scope_ends_when_its_lease_is_lost_and_the_gate_lets_in_again_when_the_store_is_back()
    {
        await using GateHost a = new("host-a", _store);
        PrimaryScope first = await a.PassAsync();
        _store.Before = static (_, _) => throw new LeaseStoreException("the store is away");

        await a.AdvanceUntilAsync(() => first.Lost.IsCancellationRequested);
        Assert.False(first.IsPrimary);
        Task<PrimaryScope> again = a.Gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
        await Until.True(() => a.Gate.State.Problem is not null);
        Assert.Equal(new() { Problem = "the store is away", Users = 1 }, a.Gate.State);
        Assert.Equal(1, a.Logged("GateBlocked"));

        _store.Forget("nightly");
        _store.Before = null;
        await a.AdvanceUntilAsync(() => again.IsCompleted);
        await using PrimaryScope second = await again;
        Assert.Equal(2, second.Token);
        await first.DisposeAsync();
        Assert.True(second.IsPrimary);
        Assert.Equal(new() { HasAnswer = true, IsPrimary = true, Token = 2, Holder = "host-a", Users = 1 }, a.Gate.State);
    }

    [Fact]
    public async Task Who_waits_no_longer_is_not_let_in_and_nobody_asks_any_more()
    {
        await using GateHost a = new("host-a", _store), b = new("host-b", _store);
        PrimaryScope first = await a.PassAsync();
        using CancellationTokenSource end = new();
        Task<PrimaryScope> waiting = b.Gate.WaitForPrimaryAsync(end.Token).AsTask();
        await Until.True(() => b.Gate.State.Holder == "host-a");

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Until.Ends(waiting));
        Assert.Equal(new(), b.Gate.State);
        await first.DisposeAsync();
        await using PrimaryScope again = await b.PassAsync();
        Assert.Equal(2, again.Token);
    }

    [Fact]
    public async Task A_gate_that_is_disposed_of_lets_nobody_in_and_hands_over_when_all_have_left()
    {
        await using GateHost b = new("host-b", _store);
        GateHost a = new("host-a", _store);
        PrimaryScope first = await a.PassAsync();
        Task<PrimaryScope> waiting = b.Gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();

        await Until.Ends(a.DisposeAsync().AsTask());

        Assert.False(first.IsPrimary);
        await Until.True(() => first.Lost.IsCancellationRequested);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await a.Gate.WaitForPrimaryAsync(CancellationToken.None));
        Assert.Equal(0, _store.CallsOf("release"));
        Assert.False(waiting.IsCompleted);

        await first.DisposeAsync();
        await b.AdvanceUntilAsync(() => waiting.IsCompleted);
        Assert.Equal(2, (await waiting).Token);
    }

    [Fact]
    public async Task Who_leaves_hands_over_whatever_those_throw_who_listen_for_it()
    {
        await using GateHost a = new("host-a", _store);
        PrimaryScope first = await a.PassAsync();
        first.Lost.Register(static () => throw new InvalidOperationException("a listener"));

        await Assert.ThrowsAsync<AggregateException>(async () => await first.DisposeAsync());

        Assert.Equal(1, _store.CallsOf("release"));
        Assert.Equal(new(), a.Gate.State);
    }

    [Fact]
    public async Task Who_comes_while_the_last_one_leaves_waits_until_it_is_given_back_and_passes_under_a_new_lease()
    {
        await using GateHost a = new("host-a", _store);
        PrimaryScope first = await a.PassAsync();
        TaskCompletionSource gives = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = (what, _) => what == "release" ? gives.Task : Task.CompletedTask;
        Task leaving = first.DisposeAsync().AsTask();

        Task<PrimaryScope> again = a.Gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
        LeaseArbiter elsewhere = new(_store, new LeaseOptions());
        for (int i = 0; i < 20; i++)
        {
            // Time enough for him to ask, if he did.
            await Until.Ends(elsewhere.TryAcquireAsync("elsewhere", CancellationToken.None).AsTask());
        }

        Assert.Equal(1 + 20, _store.CallsOf("take"));
        Assert.Equal(1, a.Gate.State.Users);
        gives.SetResult();

        await Until.Ends(leaving);
        await using PrimaryScope second = await Until.Ends(again);
        Assert.True(second.IsPrimary);
        Assert.Equal(1 + 20 + 1, _store.CallsOf("take"));
    }

    [Fact]
    public async Task A_fence_that_never_ends_counts_as_one_that_failed()
    {
        await _store.TakeAsync(new("nightly", "host-a", Guid.NewGuid(), TimeSpan.FromMilliseconds(1)), CancellationToken.None);
        TaskCompletionSource<FenceResult> never = new();
        await using GateHost b = new("host-b", _store, gate => gate.Configure(static lease => lease.Duration = TimeSpan.FromMinutes(10)).UseFence(_ => new FakeFence(_ => never.Task)));

        Task<PrimaryScope> waiting = b.Gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
        await Until.True(() =>
        {
            b.Time.Advance(TimeSpan.FromSeconds(2));
            return b.Gate.State.Problem == "host-a could not be fenced: TimeoutException";
        });

        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Nobody_follows_a_host_that_let_its_lease_run_out_before_it_is_fenced()
    {
        List<FenceRequest> fenced = [];
        bool works = false;
        FakeFence fence = new(request =>
        {
            lock (fenced)
            {
                fenced.Add(request);
            }

            return Volatile.Read(ref works) ? new(true, "off") : new(false, "no answer from its power switch");
        });
        await _store.TakeAsync(new("nightly", "host-a", Guid.NewGuid(), TimeSpan.FromMilliseconds(1)), CancellationToken.None);
        await using GateHost b = new("host-b", _store, gate => gate.UseFence(_ => fence));

        Task<PrimaryScope> waiting = b.Gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
        await b.AdvanceUntilAsync(() => fence.Calls >= 3);
        Assert.False(waiting.IsCompleted);
        Assert.Equal("host-a could not be fenced: no answer from its power switch", b.Gate.State.Problem);
        Assert.All(fenced, request => Assert.Equal(("nightly", "host-a"), (request.Resource, request.Target)));

        Volatile.Write(ref works, true);
        await b.AdvanceUntilAsync(() => waiting.IsCompleted);
        await using PrimaryScope scope = await waiting;
        Assert.Equal(scope.Token, fenced[^1].Token);
        Assert.Equal(1, b.Logged("GateUnblocked"));
    }

    [Fact]
    public async Task A_fence_that_is_under_way_when_the_app_stops_is_waited_for_until_it_has_ended_what_it_began()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _store.TakeAsync(new("nightly", "host-a", Guid.NewGuid(), TimeSpan.FromMilliseconds(1)), CancellationToken.None);
        GateHost b = new("host-b", _store, gate => gate.UseFence(_ => new SlowFence(begun, ends.Task)));
        Task<PrimaryScope> waiting = b.Gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
        await b.AdvanceUntilAsync(() => begun.Task.IsCompleted);

        Task ending = b.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.False(ending.IsCompleted);
        Assert.Equal(0, _store.CallsOf("release"));

        ends.SetResult();
        await Until.Ends(ending);
        Assert.Equal(1, _store.CallsOf("release"));
        Assert.Equal("host-a", (await _store.TakeAsync(new("nightly", "host-c", Guid.NewGuid(), TimeSpan.FromMinutes(1)), CancellationToken.None)).Grant?.Unreleased);
    }

    [Fact]
    public async Task A_host_that_gave_its_lease_back_is_not_fenced_nor_is_one_by_itself()
    {
        FakeFence fence = new(static _ => new(true, "off"));
        await using GateHost a = new("host-a", _store), b = new("host-b", _store, gate => gate.UseFence(_ => fence));
        await (await a.PassAsync()).DisposeAsync();
        await (await b.PassAsync()).DisposeAsync();
        await _store.TakeAsync(new("nightly", "HOST-B", Guid.NewGuid(), TimeSpan.FromMilliseconds(1)), CancellationToken.None);

        Task<PrimaryScope> waiting = b.Gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
        await b.AdvanceUntilAsync(() => waiting.IsCompleted);
        await (await waiting).DisposeAsync();

        Assert.Equal(0, fence.Calls);
    }

    [Fact]
    public async Task Many_that_come_and_go_at_once_never_pass_while_another_process_is_inside()
    {
        await using GateHost a = new("host-a", _store), b = new("host-b", _store), c = new("host-c", _store);
        GateHost[] hosts = [a, b, c];
        Task[] moving = [];
        using CancellationTokenSource over = new();
        Task clock = Task.Run(async () =>
        {
            using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(1));
            while (!over.IsCancellationRequested)
            {
                Array.ForEach(hosts, static host => host.Time.Advance(TimeSpan.FromMilliseconds(20)));
                await pace.WaitForNextTickAsync();
            }
        });
        int[] inside = new int[3];
        int violations = 0;
        int passed = 0;

        await Until.Ends(Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            Random dice = new(i);
            for (int turn = 0; turn < 20; turn++)
            {
                using CancellationTokenSource patience = new();
                if (dice.Next(4) == 0)
                {
                    patience.CancelAfter(dice.Next(5));
                }

                try
                {
                    await using PrimaryScope scope = await hosts[i % 3].Gate.WaitForPrimaryAsync(patience.Token);
                    lock (inside)
                    {
                        inside[i % 3]++;
                        violations += scope.IsPrimary && inside.Where((count, host) => host != i % 3 && count > 0).Any() ? 1 : 0;
                        passed++;
                    }

                    await Task.Yield();
                    lock (inside)
                    {
                        inside[i % 3]--;
                    }
                }
                catch (OperationCanceledException) when (patience.IsCancellationRequested)
                {
                }
            }
        }))));
        await over.CancelAsync();
        await clock;

        Assert.Equal(0, violations);
        Assert.True(passed >= 12 * 20 / 2, $"{passed}");
        Assert.All(hosts, static host => Assert.Equal(0, host.Gate.State.Users));
    }
}
