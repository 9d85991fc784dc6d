using System.Collections.Concurrent;
using Failover.Http.Replay;

namespace Failover.Http.Tests.Replay;

/// <summary>Whose end it is where requests that may be abandoned are cancelled, and that it is nobody else's.</summary>
public sealed class CancellationTests : WaitingRequests
{
    // As if we were not there: the caller's token is in the exception, and no member is told anything.
    [Fact]
    public async Task The_callers_cancellation_is_the_callers()
    {
        await AllHealthyAsync();
        using var caller = new CancellationTokenSource();
        using HttpRequestMessage request = Request("GET");
        Task<HttpResponseMessage> sending = await WaitingOnAsync("a", request, caller.Token);

        await caller.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Given.Limit));
        Assert.Equal(caller.Token, error.CancellationToken);
        Assert.True(sending.IsCanceled);
        Assert.Equal(["a"], _backends.Asked);
        Assert.Equal((0, 0, 0, 0), Given.Told(_group, 0));
    }

    [Fact]
    public async Task A_cancellation_that_came_before_is_not_missed()
    {
        await AllHealthyAsync();
        using HttpRequestMessage request = Request("GET");

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.SendAsync(request, new CancellationToken(true)).WaitAsync(Given.Limit));

        Assert.True(error.CancellationToken.IsCancellationRequested);
        Assert.Equal((0, 0, 0, 0), Given.Told(_group, 0));
    }

    [Fact]
    public async Task Where_both_cancel_the_caller_wins()
    {
        await AllHealthyAsync();
        using var caller = new CancellationTokenSource();
        _backends.OnCancelled = caller.Cancel;
        using HttpRequestMessage request = Request("GET");
        Task<HttpResponseMessage> sending = await WaitingOnAsync("a", request, caller.Token);

        GiveUp(0);

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Given.Limit));
        Assert.Equal(caller.Token, error.CancellationToken);
        Assert.Equal(["a"], _backends.Asked);
        Assert.Equal((0, 3, 0, 0), Given.Told(_group, 0));
    }

    // Sources are used again and again: one request's end must never be another's.
    [Fact]
    public async Task A_cancellation_reaches_nobody_else()
    {
        await AllHealthyAsync();
        _backends.Holding = "";
        _backends.Yields = true;
        int seed = Random.Shared.Next();
        ConcurrentQueue<string> wrong = [];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(seed + worker);
            for (int i = 0; i < 2_000; i++)
            {
                using var caller = new CancellationTokenSource();
                using HttpRequestMessage request = Request("GET");
                bool cancels = random.Next(4) == 0;
                Task<HttpResponseMessage> sending = _client.SendAsync(request, caller.Token);
                if (cancels)
                {
                    await caller.CancelAsync();
                }

                try
                {
                    using HttpResponseMessage response = await sending;
                }
                catch (OperationCanceledException error) when (cancels && error.CancellationToken == caller.Token)
                {
                }
                catch (Exception error)
                {
                    wrong.Enqueue($"seed {seed}: {error}");
                }
            }
        })));

        Assert.Empty(wrong);
    }

    // Whoever ends while his member is given up, or another recovers, is nobody else's, and holds nothing.
    [Fact]
    public async Task Members_that_come_and_go_cut_nobody_off()
    {
        await AllHealthyAsync();
        _backends.Holding = "";
        _backends.Yields = true;
        RetryBudget.Of(_group).Limits = (1, 10_000);
        using var done = new CancellationTokenSource();
        ConcurrentQueue<Exception> wrong = [];
        Task changing = Task.Run(() =>
        {
            for (int i = 0; !done.IsCancellationRequested; i++)
            {
                MemberMeter meter = _group.Snapshot.Members[i % 3].Meter;
                for (int call = 0; call < 3; call++)
                {
                    meter.Failed(meter.Start());
                }

                meter = _group.Snapshot.Members[(i + 2) % 3].Meter;
                for (int call = 0; call < 3; call++)
                {
                    meter.Succeeded(meter.Start());
                }
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                try
                {
                    using HttpRequestMessage request = Request("GET");
                    using HttpResponseMessage response = await _client.SendAsync(request, default);
                }
                catch (Exception error)
                {
                    wrong.Enqueue(error);
                }
            }
        })));
        await done.CancelAsync();
        await changing;

        Assert.Empty(wrong);
    }
}
