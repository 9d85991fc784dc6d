using Failover.Http.Replay;

namespace Failover.Http.Tests.Replay;

/// <summary>What becomes of a request that waits for headers when its member is given up.</summary>
public sealed class AbandonmentTests : WaitingRequests
{
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
}
