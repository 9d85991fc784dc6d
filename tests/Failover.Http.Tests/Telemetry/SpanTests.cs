using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Failover.Http.Tests.Telemetry;

public class SpanTests
{
    [Fact]
    public async Task Each_attempt_is_a_span_of_its_own_and_all_but_the_first_say_which_they_are()
    {
        await using Traced traced = await Traced.StartAsync(3);
        traced.Servers[0].Instead = traced.Servers[1].Instead = Traced.Unavailable;

        await traced.AskAsync(traced.Client);

        Assert.Equal([null, 1, 2], traced.Attempts.Select(attempt => attempt.GetTagItem("http.request.resend_count")));
        Assert.Equal([null, "orders", "orders"], traced.Attempts.Select(attempt => attempt.GetTagItem("failover.group")));
        Assert.Equal([null, "b", "c"], traced.Attempts.Select(attempt => attempt.GetTagItem("failover.member")));
        Assert.Equal(traced.Servers.Select(server => (object?)server.Address.Port), traced.Attempts.Select(attempt => attempt.GetTagItem("server.port")));
        Assert.Equal(["503", "503", null], traced.Attempts.Select(attempt => attempt.GetTagItem("error.type")));
        Assert.All(traced.Attempts, attempt => Assert.Equal(traced.Caller.SpanId, attempt.ParentSpanId));
    }

    [Fact]
    public async Task The_callers_span_tells_why_there_is_another_attempt()
    {
        await using Traced traced = await Traced.StartAsync(2);
        await traced.Servers[0].StopAsync();

        await traced.AskAsync(traced.Client);

        ActivityEvent told = Assert.Single(traced.Caller.Events);
        Assert.Equal("failover.http.replay", told.Name);
        Assert.Equal(
            ["error.type=connection_error", "failover.from=a", "failover.group=orders", "failover.to=b", "http.request.resend_count=1"],
            told.Tags.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_request_that_is_answered_at_once_bears_nothing_of_ours()
    {
        await using Traced traced = await Traced.StartAsync(2);

        await traced.AskAsync(traced.Client);

        Assert.DoesNotContain(Assert.Single(traced.Attempts).TagObjects, tag => tag.Key.StartsWith("failover.", StringComparison.Ordinal) || tag.Key == "http.request.resend_count");
        Assert.Empty(traced.Caller.Events);
    }

    // A handler that follows no redirects does not take back the header of the attempt before.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_server_is_told_of_the_span_of_its_own_attempt(bool followsRedirects)
    {
        await using Traced traced = await Traced.StartAsync(3, client => client
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = followsRedirects }).AddFailover("orders"));
        traced.Servers[0].Instead = traced.Servers[1].Instead = Traced.Unavailable;

        await traced.AskAsync(traced.Client);

        Assert.Equal(traced.Attempts.Select(attempt => attempt.Id), traced.Servers.Select(server => Assert.Single(server.Requests).Headers["traceparent"]));
    }

    [Fact]
    public async Task A_trace_that_the_caller_has_written_himself_stays()
    {
        const string Own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using Traced traced = await Traced.StartAsync(2, client => client
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false }).AddFailover("orders"));
        traced.Servers[0].Instead = Traced.Unavailable;

        await traced.AskAsync(traced.Client, request => request.Headers.Add("traceparent", Own));

        Assert.Equal([Own, Own], traced.Servers.Select(server => Assert.Single(server.Requests).Headers["traceparent"]));
    }

    // The message is the same one; what was said of it is not.
    [Fact]
    public async Task A_message_that_a_retry_outside_sends_anew_begins_anew()
    {
        await using Traced traced = await Traced.StartAsync(2, client =>
        {
            client.AddResilienceHandler("once more", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 1, Delay = TimeSpan.FromMilliseconds(1) }));
            client.AddFailover("orders");
        });
        traced.Servers[0].Instead = traced.Servers[1].Instead = Traced.Unavailable;

        await traced.AskAsync(traced.Client);

        Assert.Equal([null, 1, null, 1], traced.Attempts.Select(attempt => attempt.GetTagItem("http.request.resend_count")));
    }

    [Fact]
    public async Task It_needs_no_container()
    {
        await using Traced traced = await Traced.StartAsync(2);
        traced.Servers[0].Instead = Traced.Unavailable;
        using var client = new HttpClient(new FailoverHandler(traced.Group) { InnerHandler = new SocketsHttpHandler() });

        await traced.AskAsync(client);

        Assert.Equal([null, 1], traced.Attempts.Select(attempt => attempt.GetTagItem("http.request.resend_count")));
    }

    [Fact]
    public async Task A_handler_that_others_have_used_before_and_one_that_propagates_nothing_serve_all_the_same()
    {
        await using Traced traced = await Traced.StartAsync(2);
        traced.Servers[0].Instead = Traced.Unavailable;
        using var used = new SocketsHttpHandler();
        using var before = new HttpClient(used);
        await before.GetStringAsync(traced.Servers[1].Address);
        using var client = new HttpClient(new FailoverHandler(traced.Group) { InnerHandler = used });
        using var silent = new HttpClient(new FailoverHandler(traced.Group) { InnerHandler = new SocketsHttpHandler { ActivityHeadersPropagator = null } });

        Assert.Equal("ok", await client.GetStringAsync(traced.Servers[0].Address));
        Assert.Equal("ok", await silent.GetStringAsync(traced.Servers[0].Address));
    }
}
