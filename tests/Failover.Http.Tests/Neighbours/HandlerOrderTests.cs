using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;

namespace Failover.Http.Tests.Neighbours;

public class HandlerOrderTests
{
    [Theory]
    [InlineData("none", "outside", null)]
    [InlineData("standard", "outside", "Information ResilienceOutside")]
    [InlineData("standard, safe", "outside", "Information ResilienceOutside")]
    [InlineData("hedging", "outside", "Information ResilienceOutside")]
    [InlineData("standard", "inside", "Information ResilienceInside")]
    [InlineData("hedging", "inside", "Information ResilienceInside")]
    [InlineData("timeout", "inside", "Information ResilienceInside")]
    public async Task The_order_is_told_once_when_the_handlers_are_put_together(string handler, string order, string? told)
    {
        await using Beside beside = await Beside.StartAsync(handler, order);

        beside.PutTogether();
        beside.PutTogether();

        Assert.Equal(told is null ? [] : [told], beside.Told.Select(log => $"{log.Level} {log.Name}"));
    }

    [Fact]
    public async Task Defaults_of_all_clients_stand_outside_and_each_client_is_told_once()
    {
        await using Beside beside = await Beside.StartAsync(client =>
        {
            client.AddFailover("orders");
            client.Services.AddHttpClient("other").AddFailover("orders");
            client.Services.ConfigureHttpClientDefaults(all => all.AddStandardResilienceHandler());
        });

        _ = beside.Client;
        _ = beside.ClientOf("other");
        _ = beside.ClientOf("without a group");

        Assert.Equal(["(Information, ResilienceOutside)", "(Information, ResilienceOutside)"], beside.Told.Select(log => $"{log}"));
        Assert.Equal(["orders", "other"], beside.Logs.GetSnapshot().Where(log => log.Id.Id == 2040).Select(log => log.StructuredState!.Single(pair => pair.Key == "Client").Value));
    }

    // The warnings of a request that ran twice, by what stands beside the group.
    [Theory]
    [InlineData("standard", "outside", true)]
    [InlineData("standard", "inside", true)]
    [InlineData("retry", "outside", true)]
    [InlineData("retry", "inside", true)]
    [InlineData("hedging", "outside", true)]
    [InlineData("hedging", "inside", true)]
    [InlineData("standard, safe", "outside", false)]
    [InlineData("standard, safe", "inside", false)]
    [InlineData("retry, safe", "outside", false)]
    [InlineData("timeout", "inside", false)]
    public async Task A_POST_that_is_sent_again_though_it_may_have_run_is_told_once(string handler, string order, bool isTold)
    {
        await using Beside beside = await Beside.StartAsync(handler, order);
        beside.A.Instead = Beside.Break;

        await beside.SendAsync("POST");
        await beside.SendAsync("POST");

        Assert.Equal(isTold ? [LogLevel.Warning] : [], beside.Told.Where(log => log.Name == "UnsafeRequestSentAgain").Select(log => log.Level));
    }

    [Theory]
    [InlineData("outside")]
    [InlineData("inside")]
    public async Task A_hedged_POST_is_told_while_the_first_is_under_way(string order)
    {
        await using Beside beside = await Beside.StartAsync("hedging, quick", order);
        var slow = new TaskCompletionSource();
        beside.A.Instead = async context =>
        {
            await slow.Task;
            await context.Response.WriteAsync("ok");
        };

        Task<string> ended = beside.SendAsync("POST");
        await Given.UntilAsync(() => beside.Told.Any(log => log.Name == "UnsafeRequestSentAgain"), () => $"{beside.Got("POST")}");
        slow.SetResult();

        Assert.Equal("200", await ended);
    }

    [Theory]
    [InlineData("GET", false, HttpStatusCode.ServiceUnavailable)]
    [InlineData("POST", true, HttpStatusCode.ServiceUnavailable)]
    [InlineData("POST", false, HttpStatusCode.TooManyRequests)]
    public async Task A_request_that_may_be_sent_again_is_not_told(string method, bool withKey, HttpStatusCode status)
    {
        await using Beside beside = await Beside.StartAsync("standard", "outside");
        beside.A.Instead = beside.B.Instead = Beside.Status(status);

        await beside.SendAsync(method, withKey);

        Assert.True(beside.Got(method).A + beside.Got(method).B >= 4, $"{beside.Got(method)}");
        Assert.DoesNotContain("UnsafeRequestSentAgain", beside.Told.Select(log => log.Name));
    }

    [Fact]
    public async Task A_POST_that_was_never_sent_is_not_told()
    {
        await using Beside beside = await Beside.StartAsync("standard", "inside");
        await beside.A.StopAsync();

        Assert.Equal("200", await beside.SendAsync("POST"));

        Assert.Equal((0, 1), beside.Got("POST"));
        Assert.DoesNotContain("UnsafeRequestSentAgain", beside.Told.Select(log => log.Name));
    }

    [Fact]
    public async Task A_synchronous_POST_that_is_sent_again_is_told()
    {
        await using Beside beside = await Beside.StartAsync("retry", "outside");
        beside.A.Instead = beside.B.Instead = Beside.Status(HttpStatusCode.InternalServerError);
        using var request = new HttpRequestMessage(HttpMethod.Post, beside.A.Address) { Content = new StringContent("x") };

        await Task.Run(() => beside.Client.Send(request).Dispose());

        Assert.Equal((4, 0), beside.Got("POST"));
        Assert.Contains("UnsafeRequestSentAgain", beside.Told.Select(log => log.Name));
    }

    // A class of somebody's own that is derived from theirs is one of theirs.
    [Theory]
    [InlineData(typeof(Derived), "ResilienceInside")]
    [InlineData(typeof(PolicyHttpMessageHandler), "ResilienceInside")]
    [InlineData(typeof(Strange), null)]
    public async Task Handlers_are_known_by_their_kind(Type kind, string? told)
    {
        await using Beside beside = await Beside.StartAsync(client => client.AddFailover("orders").AddHttpMessageHandler(() => (DelegatingHandler)Activator.CreateInstance(kind)!));

        _ = beside.Client;

        Assert.Equal(told is null ? [] : [told], beside.Told.Select(log => log.Name));
    }

    private sealed class Strange : DelegatingHandler;

    private sealed class Derived() : ResilienceHandler(Polly.ResiliencePipeline<HttpResponseMessage>.Empty);
}
