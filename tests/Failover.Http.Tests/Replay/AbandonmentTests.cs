using System.Collections.Concurrent;
using System.Net;
using Failover.Http.Replay;

namespace Failover.Http.Tests.Replay;

/// <summary>What becomes of a request that waits for headers when its member is given up.</summary>
public sealed class AbandonmentTests : IAsyncDisposable
{
    private readonly FakeProbe _probe = new();
    private readonly WaitingBackends _backends = new();
    private readonly FailoverGroup _group;
    private readonly HttpMessageInvoker _client;

    public AbandonmentTests()
    {
        _group = Given.Group(_probe, "https://a", "https://b", "https://c");
        _client = new(new FailoverHandler(_group) { InnerHandler = _backends });
    }

    public async ValueTask DisposeAsync()
    {
        _backends.Release.TrySetResult();
        _client.Dispose();
        await _group.DisposeAsync();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("DELETE")]
    [InlineData("PUT with content")]
    [InlineData("POST with key")]
    [InlineData("POST with leave")]
    public async Task It_is_sent_to_the_next_one_where_it_may_run_twice(string what)
    {
        await AllHealthyAsync();
        using HttpRequestMessage request = Request(what);
        Task<HttpResponseMessage> sending = await WaitingOnAsync("a", request, default);

        GiveUp(0);

        using HttpResponseMessage response = await sending.WaitAsync(Given.Limit);
        Assert.Equal(["a", "b"], _backends.Asked);
        Assert.Equal("https://b/x", response.RequestMessage?.RequestUri?.AbsoluteUri);
        Assert.Equal((0, 4, 0, 0), Given.Told(_group, 0));
        Assert.Equal((1, 0, 0, 0), Given.Told(_group, 1));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("POST with content")]
    [InlineData("GET with stream")]
    [InlineData("PUT with stream")]
    [InlineData("PUT with much")]
    public async Task It_goes_on_waiting_with_its_callers_own_token_where_it_may_not(string what)
    {
        await AllHealthyAsync();
        using var caller = new CancellationTokenSource();
        using HttpRequestMessage request = Request(what);
        Task<HttpResponseMessage> sending = await WaitingOnAsync("a", request, caller.Token);
        CancellationToken givenUp = _group.Snapshot.Members[0].GivenUp;

        GiveUp(0);
        await FiredAsync(givenUp);

        Assert.Equal(caller.Token, _backends.Tokens.Single());
        _backends.Release.SetResult();
        using HttpResponseMessage response = await sending.WaitAsync(Given.Limit);
        Assert.Equal(["a"], _backends.Asked);
    }

    [Fact]
    public async Task It_goes_on_waiting_where_no_other_member_is_fit()
    {
        await AllHealthyAsync();
        _probe.Answers("b", ProbeResult.Failure("down")).Answers("c", ProbeResult.Failure("down"));
        using HttpRequestMessage request = Request("GET");
        Task<HttpResponseMessage> sending = await WaitingOnAsync("a", request, default);
        GiveUp(1);
        GiveUp(2);
        CancellationToken givenUp = _group.Snapshot.Members[0].GivenUp;

        GiveUp(0);
        await FiredAsync(givenUp);

        Assert.False(_backends.Tokens.Single().IsCancellationRequested);
        _backends.Release.SetResult();
        using HttpResponseMessage response = await sending.WaitAsync(Given.Limit);
        Assert.Equal(["a"], _backends.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_sent_to_the_next_one_as_soon_as_that_is_fit_again(bool isSentBefore)
    {
        await AllHealthyAsync();
        foreach (string authority in new[] { "a", "b", "c" })
        {
            _probe.Answers(authority, ProbeResult.Timeout("silent"));
        }

        using HttpRequestMessage request = Request("GET");
        Task<HttpResponseMessage>? sending = isSentBefore ? await WaitingOnAsync("a", request, default) : null;
        GiveUp(1);
        GiveUp(2);
        CancellationToken givenUp = _group.Snapshot.Members[0].GivenUp;
        GiveUp(0);
        await FiredAsync(givenUp);
        sending ??= await WaitingOnAsync("a", request, default);
        Assert.False(_backends.Tokens.Single().IsCancellationRequested);

        Recover(1);

        using HttpResponseMessage response = await sending.WaitAsync(Given.Limit);
        Assert.Equal(["a", "b"], _backends.Asked);
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

    [Fact]
    public async Task It_goes_on_waiting_where_the_retry_budget_is_empty()
    {
        await AllHealthyAsync();
        RetryBudget.Of(_group).Limits = (0, 0);
        using HttpRequestMessage request = Request("GET");
        Task<HttpResponseMessage> sending = await WaitingOnAsync("a", request, default);
        CancellationToken givenUp = _group.Snapshot.Members[0].GivenUp;

        GiveUp(0);
        await FiredAsync(givenUp);

        Assert.False(_backends.Tokens.Single().IsCancellationRequested);
        _backends.Release.SetResult();
        using HttpResponseMessage response = await sending.WaitAsync(Given.Limit);
        Assert.Equal(["a"], _backends.Asked);
    }

    [Fact]
    public async Task A_second_attempt_is_abandoned_like_the_first()
    {
        await AllHealthyAsync();
        _backends.Refusing = "a";
        _backends.Holding = "b";
        using HttpRequestMessage request = Request("GET");
        Task<HttpResponseMessage> sending = await WaitingOnAsync("b", request, default);

        GiveUp(1);

        using HttpResponseMessage response = await sending.WaitAsync(Given.Limit);
        Assert.Equal(["a", "b", "c"], _backends.Asked);
    }

    [Fact]
    public async Task A_synchronous_call_is_abandoned_too()
    {
        await AllHealthyAsync();
        using HttpRequestMessage request = Request("GET");
        Task<HttpResponseMessage> sending = Task.Factory.StartNew(() => _client.Send(request, default), TaskCreationOptions.LongRunning);
        await Given.UntilAsync(() => _backends.Asked.Contains("a"), () => "not asked");

        GiveUp(0);

        using HttpResponseMessage response = await sending.WaitAsync(Given.Limit);
        Assert.Equal(["a", "b"], _backends.Asked);
    }

    [Fact]
    public async Task What_has_begun_to_answer_is_not_cut()
    {
        await AllHealthyAsync();
        _backends.Holding = "";
        using HttpRequestMessage request = Request("GET");
        using HttpResponseMessage response = await _client.SendAsync(request, default);
        CancellationToken givenUp = _group.Snapshot.Members[0].GivenUp;

        GiveUp(0);
        await FiredAsync(givenUp);

        Assert.Equal(["a"], _backends.Asked);
        Assert.False(_backends.Tokens.Single().IsCancellationRequested);
    }

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

    private static HttpRequestMessage Request(string what)
    {
        string[] words = what.Split(' ');
        var request = new HttpRequestMessage(new HttpMethod(words[0]), "https://a/x");
        switch (words[^1])
        {
            case "content":
                request.Content = new StringContent("x");
                break;
            case "stream":
                request.Content = new StreamContent(new MemoryStream([1]));
                break;
            case "much":
                request.Content = new ByteArrayContent(new byte[100_000]);
                break;
            case "key":
                request.Headers.Add("Idempotency-Key", "8e03978e");
                break;
            case "leave":
                request.AllowReplay();
                break;
        }

        return request;
    }

    private static Task FiredAsync(CancellationToken token) => Given.UntilAsync(() => token.IsCancellationRequested, () => "not fired");

    private Task AllHealthyAsync() => Given.UntilAsync(() => _group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not healthy");

    private async Task<Task<HttpResponseMessage>> WaitingOnAsync(string authority, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Task<HttpResponseMessage> sending = _client.SendAsync(request, cancellationToken);
        await Given.UntilAsync(() => _backends.Asked.Contains(authority), () => string.Join(' ', _backends.Asked));
        return sending;
    }

    private void GiveUp(int member)
    {
        MemberMeter meter = _group.Snapshot.Members[member].Meter;
        for (int i = 0; i < 3; i++)
        {
            meter.Failed(meter.Start());
        }

        Assert.Equal(Verdict.Unhealthy, _group.Snapshot.Members[member].Verdict);
    }

    private void Recover(int member)
    {
        // A probe that fails in between begins the count anew.
        MemberMeter meter = _group.Snapshot.Members[member].Meter;
        while (_group.Snapshot.Members[member].Verdict == Verdict.Unhealthy)
        {
            meter.Succeeded(meter.Start());
        }
    }

    /// <summary>One of them holds its requests until it is released.</summary>
    private sealed class WaitingBackends : HttpMessageHandler
    {
        internal ConcurrentQueue<string> Asked { get; } = [];

        internal ConcurrentQueue<CancellationToken> Tokens { get; } = [];

        internal TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal string Holding { get; set; } = "a";

        internal string Refusing { get; set; } = "";

        internal bool Yields { get; set; }

        internal Action OnCancelled { get; set; } = () => { };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Yields)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                return new(HttpStatusCode.OK);
            }

            string authority = request.RequestUri!.Authority;
            Tokens.Enqueue(cancellationToken);
            Asked.Enqueue(authority);
            if (authority == Refusing)
            {
                throw StubBackends.Refused;
            }

            try
            {
                await (authority == Holding ? Release.Task : Task.CompletedTask).WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                OnCancelled();
                throw;
            }

            return StubBackends.Answer(request, HttpStatusCode.OK);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => SendAsync(request, cancellationToken).GetAwaiter().GetResult();
    }
}
