using System.Net;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Neighbours;

/// <summary>What Microsoft.Extensions.Http.Resilience does beside a group, asked of real servers: the tables of docs/http.md. «outside» sees a request before the group does, «inside» sees each attempt.</summary>
public class ResilienceFacts
{
    // What the first server does after it has read the request; how often each server got it; what the caller got.
    public static TheoryData<string, string, string, int, int, string> Posts => new()
    {
        { "none", "outside", "breaks", 1, 0, "HttpRequestException" },
        { "standard", "outside", "breaks", 4, 0, "HttpRequestException" },
        { "standard", "inside", "breaks", 4, 0, "HttpRequestException" },
        { "standard, safe", "outside", "breaks", 1, 0, "HttpRequestException" },
        { "standard, safe", "inside", "breaks", 1, 0, "HttpRequestException" },
        { "retry", "outside", "breaks", 4, 0, "HttpRequestException" },
        { "retry", "inside", "breaks", 4, 0, "HttpRequestException" },
        { "retry, safe", "outside", "breaks", 1, 0, "HttpRequestException" },
        { "retry, safe", "inside", "breaks", 1, 0, "HttpRequestException" },
        { "hedging", "outside", "breaks", 2, 0, "HttpRequestException" },
        { "hedging", "inside", "breaks", 2, 0, "HttpRequestException" },
        { "timeout", "outside", "breaks", 1, 0, "HttpRequestException" },
        { "timeout", "inside", "breaks", 1, 0, "HttpRequestException" },
        { "none", "outside", "503", 1, 0, "503" },
        { "standard", "inside", "503", 4, 0, "503" },
        { "standard, safe", "outside", "503", 1, 0, "503" },
        { "standard, safe", "inside", "503", 1, 0, "503" },
        { "hedging", "outside", "503", 2, 0, "503" },
        { "hedging", "inside", "503", 2, 0, "503" },
    };

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_POST_runs_as_often_as_the_page_says(string handler, string order, string a, int gotA, int gotB, string result)
    {
        await using Beside beside = await Beside.StartAsync(handler, order);
        beside.A.Instead = a == "breaks" ? Beside.Break : Beside.Status(HttpStatusCode.ServiceUnavailable);

        string ended = await beside.SendAsync("POST");

        Assert.Equal((gotA, gotB), beside.Got("POST"));
        Assert.Equal(result, ended);
    }

    // The group moves after three of them.
    [Fact]
    public async Task A_retry_outside_takes_a_POST_to_both_members()
    {
        await using Beside beside = await Beside.StartAsync("standard", "outside");
        beside.A.Instead = Beside.Status(HttpStatusCode.ServiceUnavailable);

        await beside.SendAsync("POST");

        Assert.Equal((3, 1), beside.Got("POST"));
    }

    [Theory]
    [InlineData("none", "outside", 1)]
    [InlineData("standard", "outside", 1)]
    [InlineData("standard", "inside", 4)]
    [InlineData("standard, safe", "outside", 1)]
    [InlineData("standard, safe", "inside", 4)]
    [InlineData("retry", "outside", 1)]
    [InlineData("retry", "inside", 4)]
    [InlineData("retry, safe", "outside", 1)]
    [InlineData("retry, safe", "inside", 4)]
    [InlineData("hedging", "outside", 1)]
    [InlineData("hedging", "inside", 2)]
    [InlineData("timeout", "outside", 1)]
    [InlineData("timeout", "inside", 1)]
    public async Task A_GET_fails_over_at_once_with_a_retry_outside_and_after_all_its_attempts_with_one_inside(string handler, string order, int gotA)
    {
        await using Beside beside = await Beside.StartAsync(handler, order);
        beside.A.Instead = Beside.Status(HttpStatusCode.ServiceUnavailable);

        string ended = await beside.SendAsync("GET");

        Assert.Equal("200", ended);
        Assert.Equal((gotA, 1), beside.Got("GET"));
    }

    [Fact]
    public async Task A_GET_that_waits_in_a_retry_inside_is_sent_on_when_its_member_is_given_up()
    {
        await using Beside beside = await Beside.StartAsync("retry, slow", "inside");
        beside.A.Instead = Beside.Status(HttpStatusCode.ServiceUnavailable);
        Task<string> ended = beside.SendAsync("GET");
        await Given.UntilAsync(() => beside.Got("GET") == (1, 0), () => $"{beside.Got("GET")}");

        MemberMeter meter = beside.Group.Snapshot.Members[0].Meter;
        for (int i = 0; i < 3; i++)
        {
            meter.Failed(meter.Start());
        }

        Assert.Equal("200", await ended);
        Assert.Equal((1, 1), beside.Got("GET"));
    }

    [Theory]
    [InlineData("outside")]
    [InlineData("inside")]
    public async Task Hedging_runs_a_slow_POST_twice_on_the_same_member(string order)
    {
        await using Beside beside = await Beside.StartAsync("hedging, quick", order);
        var slow = new TaskCompletionSource();
        beside.A.Instead = async context =>
        {
            await slow.Task;
            await context.Response.WriteAsync("ok");
        };

        Task<string> ended = beside.SendAsync("POST");
        await Given.UntilAsync(() => beside.Got("POST") == (2, 0), () => $"{beside.Got("POST")}");
        slow.SetResult();

        Assert.Equal("200", await ended);
    }

    [Theory]
    [InlineData("standard", true)]
    [InlineData("hedging", true)]
    [InlineData("retry", false)]
    public async Task The_standard_handlers_take_the_timeout_of_the_client_away(string handler, bool takesAway)
    {
        await using Beside beside = await Beside.StartAsync(handler, "outside");

        Assert.Equal(takesAway, beside.Client.Timeout == Timeout.InfiniteTimeSpan);
    }

    // A hundred requests succeed; then the first member breaks. Three requests that fail four times each are 12 of 112 attempts, and it opens at 10 %.
    [Theory]
    [InlineData("standard", "outside", false)]
    [InlineData("standard", "inside", true)]
    [InlineData("standard, by authority", "inside", false)]
    public async Task A_circuit_breaker_inside_cuts_off_the_healthy_member_too_unless_it_is_selected_by_authority(string handler, string order, bool cutsOff)
    {
        await using Beside beside = await Beside.StartAsync(handler, order);

        List<string> ended = [];
        for (int i = 0; i < 120; i++)
        {
            beside.A.Instead = i < 100 ? null : Beside.Status(HttpStatusCode.ServiceUnavailable);
            ended.Add(await beside.SendAsync("GET"));
        }

        Assert.Equal(cutsOff ? ["200", "BrokenCircuitException"] : ["200"], ended.Distinct());
        Assert.Equal(cutsOff ? 18 : 0, ended.Count(status => status != "200"));
    }
}
