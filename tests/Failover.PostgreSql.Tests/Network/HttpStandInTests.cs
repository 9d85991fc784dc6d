using System.Net;
using Failover.TestServers.Network;

namespace Failover.PostgreSql.Tests.Network;

/// <summary>The REST API that other tests let lie and hang does so.</summary>
public class HttpStandInTests
{
    [Fact]
    public async Task It_says_what_it_is_told_to_or_keeps_the_caller_waiting()
    {
        await using HttpStandIn rest = HttpStandIn.Start(static request => request == "GET /primary" ? (503, """{"role":"replica"}""") : null);
        using HttpClient client = new();

        using HttpResponseMessage answer = await client.GetAsync(new Uri(rest.Address, "primary"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"role":"replica"}"""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));

        using CancellationTokenSource giveUp = new();
        Task<HttpResponseMessage> hanging = client.GetAsync(new Uri(rest.Address, "cluster"), giveUp.Token);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(5));
        while (rest.Requests < 2)
        {
            await look.WaitForNextTickAsync();
        }

        Assert.False(hanging.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => hanging);
    }
}
