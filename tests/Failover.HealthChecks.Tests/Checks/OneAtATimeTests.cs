using Failover.HealthChecks.Checks;

namespace Failover.HealthChecks.Tests.Checks;

public sealed class OneAtATimeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly OneAtATime _runs = new();

    [Fact]
    public async Task Who_waits_gives_up_with_his_token_and_no_second_run_begins_until_the_first_has_ended()
    {
        using ManualResetEventSlim hang = new();
        TaskCompletionSource begun = new();
        int runs = 0;
        Task<int> Blocking(CancellationToken token)
        {
            int run = Interlocked.Increment(ref runs);
            begun.TrySetResult();
            hang.Wait(CancellationToken.None);
            return Task.FromResult(run);
        }

        using CancellationTokenSource first = new();
        Task<int> left = _runs.RunAsync(Blocking, first.Token);
        await begun.Task.WaitAsync(Limit);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(Limit));

        using CancellationTokenSource second = new();
        Task<int> waiting = _runs.RunAsync(Blocking, second.Token);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit));
        Assert.Equal(1, runs);

        hang.Set();
        Assert.Equal(2, await _runs.RunAsync(Blocking, CancellationToken.None).WaitAsync(Limit));
    }

    [Fact]
    public async Task Work_that_blocks_whoever_cancels_it_keeps_nobody_waiting()
    {
        using ManualResetEventSlim hang = new();
        TaskCompletionSource begun = new();
        TaskCompletionSource told = new();
        using CancellationTokenSource limit = new();
        Task<int> run = _runs.RunAsync(
            async token =>
            {
                await using CancellationTokenRegistration blocks = token.Register(() =>
                {
                    told.SetResult();
                    hang.Wait(CancellationToken.None);
                });
                begun.SetResult();
                await told.Task;
                return 1;
            },
            limit.Token);
        await begun.Task.WaitAsync(Limit);

        // On this thread: it would not come back.
#pragma warning disable CA1849
        limit.Cancel();
#pragma warning restore CA1849
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Limit));
        await told.Task.WaitAsync(Limit);
        hang.Set();
    }

    [Fact]
    public async Task Work_has_a_thread_that_is_not_the_pools()
    {
        Assert.False(await _runs.RunAsync(_ => Task.FromResult(Thread.CurrentThread.IsThreadPoolThread), CancellationToken.None).WaitAsync(Limit));
    }

    [Fact]
    public async Task Work_that_throws_throws_and_makes_room_for_the_next()
    {
        await Assert.ThrowsAsync<IOException>(() => _runs.RunAsync<int>(_ => throw new IOException(), CancellationToken.None));

        Assert.Equal(7, await _runs.RunAsync(_ => Task.FromResult(7), CancellationToken.None).WaitAsync(Limit));
    }
}
