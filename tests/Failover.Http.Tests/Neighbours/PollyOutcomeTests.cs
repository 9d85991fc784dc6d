using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Failover.Http.Tests.Neighbours;

/// <summary>What the exceptions of a Polly pipeline that stands inside mean for the request and its member. They are known by name; these tests hold the names to the real types.</summary>
public class PollyOutcomeTests
{
    // What the first member's pipeline throws; who was asked; what the caller gets; what the first member's meter is told: succeeded, failed, disputed.
    public static TheoryData<string, Exception, string, string, string> Table => new()
    {
        { "GET", new TimeoutRejectedException(), "a b", "200", "0/1/0" },
        { "GET", new BrokenCircuitException(), "a b", "200", "0/1/0" },
        { "GET", new IsolatedCircuitException(), "a b", "200", "0/1/0" },
        { "GET", new RateLimiterRejectedException(), "a", "RateLimiterRejectedException", "0/0/1" },
        { "POST", new TimeoutRejectedException(), "a", "TimeoutRejectedException", "0/0/1" },
        { "POST", new BrokenCircuitException(), "a", "BrokenCircuitException", "0/0/1" },
        { "POST", new RateLimiterRejectedException(), "a", "RateLimiterRejectedException", "0/0/1" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_pipeline_that_ends_an_attempt_is_an_attempt_that_may_have_run(string method, Exception thrown, string asked, string result, string toldOfA)
    {
        await using FailoverGroup group = Given.Group(new FakeProbe(), "https://a", "https://b");
        StubBackends backends = new StubBackends().Does("a", _ => throw thrown);
        using var client = new HttpMessageInvoker(new FailoverHandler(group) { InnerHandler = backends });
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/x") { Content = method == "POST" ? new StringContent("x") : null };

        string ended;
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, default);
            ended = $"{(int)response.StatusCode}";
        }
        catch (ExecutionRejectedException error)
        {
            ended = error.GetType().Name;
        }

        Assert.Equal(result, ended);
        Assert.Equal(asked, string.Join(' ', backends.Asked.Select(line => new Uri(line.Split(' ')[1]).Host)));
        (long succeeded, long failed, long disputed, int waiting) = Given.Told(group, 0);
        Assert.Equal(toldOfA, $"{succeeded}/{failed}/{disputed}");
        Assert.Equal(0, waiting);
    }

    [Fact]
    public async Task A_timeout_inside_sends_a_GET_to_the_next_member_and_counts_against_the_one_that_was_slow()
    {
        await using Beside beside = await Beside.StartAsync("timeout", "inside");
        beside.A.Instead = HangAsync;

        string ended = await TimeOutAsync(beside, "GET");

        Assert.Equal("200", ended);
        Assert.Equal((1, 1), beside.Got("GET"));
        Assert.Equal((0, 1, 0, 0), Given.Told(beside.Group, 0));
    }

    [Fact]
    public async Task A_timeout_inside_ends_a_POST()
    {
        await using Beside beside = await Beside.StartAsync("timeout", "inside");
        beside.A.Instead = HangAsync;

        string ended = await TimeOutAsync(beside, "POST");

        Assert.Equal("TimeoutRejectedException", ended);
        Assert.Equal((1, 0), beside.Got("POST"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_timeout_outside_is_the_callers_and_counts_against_nobody(string method)
    {
        await using Beside beside = await Beside.StartAsync("timeout", "outside");
        beside.A.Instead = HangAsync;

        string ended = await TimeOutAsync(beside, method);

        Assert.Equal("TimeoutRejectedException", ended);
        Assert.Equal((1, 0), beside.Got(method));
        Assert.Equal((0, 0, 0, 0), Given.Told(beside.Group, 0));
    }

    // Two attempts run, the breaker opens, and the third attempt of their retry is refused by it: what comes out says that nothing was sent, and is wrong.
    [Fact]
    public async Task An_open_breaker_behind_a_retry_does_not_prove_that_a_POST_was_not_sent()
    {
        await using Beside beside = await Beside.StartAsync(client => client.AddFailover("orders").AddResilienceHandler("retry and breaker", pipeline => pipeline
            .AddRetry(new HttpRetryStrategyOptions { Delay = TimeSpan.FromMilliseconds(1), BackoffType = DelayBackoffType.Constant, UseJitter = false })
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions { MinimumThroughput = 2, FailureRatio = 0.5 })));
        beside.A.Instead = Beside.Break;

        string ended = await beside.SendAsync("POST");

        Assert.Equal("BrokenCircuitException", ended);
        Assert.Equal((2, 0), beside.Got("POST"));
    }

    private static async Task<string> TimeOutAsync(Beside beside, string method)
    {
        Task<string> ended = beside.SendAsync(method);
        await Given.UntilAsync(() => beside.Got(method) == (1, 0), () => $"{beside.Got(method)}");
        beside.Time.Advance(TimeSpan.FromSeconds(61));
        return await ended;
    }

    private static async Task HangAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Given.Limit, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
