using System.Net;
using Failover.AspNetCore.Tests.Haproxy;
using Failover.TestServers;

namespace Failover.AspNetCore.Tests.Processes;

[Collection("Nodes")]
public class SigtermTests
{
    [UnixFact]
    public async Task A_node_that_is_told_to_end_says_503_until_it_has_gone_and_fails_no_request()
    {
        await using NodeProcess node = await NodeProcess.StartAsync("--Failover:Draining:Hold", "00:00:02");
        using HttpClient prober = Client(node);
        Assert.Equal(HttpStatusCode.OK, (await prober.GetAsync("/health")).StatusCode);

        // Callers with connections of their own that leave when they are told to, as ours do, and as a balancer does that probes.
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        int before = 0;
        Task<int>[] callers = [.. Enumerable.Range(0, 8).Select(_ => CallUntilToldAsync(node, () => Interlocked.Increment(ref before), limit.Token))];
        await App.UntilAsync(() => Volatile.Read(ref before) >= 80, "every caller is at work");
        Task<string> inFlight = prober.GetStringAsync("/work?ms=3000");
        node.Terminate();
        List<HttpStatusCode> probed = await ProbeUntilGoneAsync(node, limit.Token);

        // 200 until the signal has come through, then 503 for as long as anything answers, over a connection of its own each: it says so before it refuses. How long, the scenario measures.
        int first = probed.IndexOf(HttpStatusCode.ServiceUnavailable);
        Assert.True(first >= 0, "No probe saw a 503.");
        Assert.All(probed[..first], status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(probed[first..], status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
        Assert.All(await Task.WhenAll(callers), told => Assert.Equal(1, told));
        Assert.Equal("done", await inFlight);
        Assert.Equal(0, await node.ExitAsync());
    }

    [UnixFact("haproxy")]
    public async Task Behind_a_balancer_that_polls_no_request_fails_when_nodes_are_told_to_end_one_after_the_other()
    {
        string[] hold = ["--Failover:Draining:Hold", "00:00:03"];
        await using NodeProcess a = await NodeProcess.StartAsync(hold);
        await using NodeProcess b = await NodeProcess.StartAsync(hold);
        await using NodeProcess c = await NodeProcess.StartAsync(hold);
        await using HaproxyProcess haproxy = await HaproxyProcess.StartAsync(("a", a.Port, null), ("b", b.Port, null), ("c", c.Port, null));
        Callers callers = new(haproxy.Client, 8, "/work?ms=5");
        foreach (NodeProcess node in new[] { a, b })
        {
            await callers.MoreAsync("done", 50);
            node.Terminate();
            Assert.Equal(0, await node.ExitAsync());
        }

        Assert.Empty(await callers.EndAsync());
    }

    /// <summary>Calls without a pause until an answer says to leave; throws if a call fails.</summary>
    private static async Task<int> CallUntilToldAsync(NodeProcess node, Action called, CancellationToken cancellationToken)
    {
        using HttpClient client = Client(node);
        while (true)
        {
            using HttpResponseMessage response = await client.GetAsync("/work?ms=1", cancellationToken);
            Assert.Equal("done", await response.Content.ReadAsStringAsync(cancellationToken));
            called();
            if (response.Headers.TryGetValues("Failover-Drain", out IEnumerable<string>? seconds))
            {
                Assert.Equal(["60"], seconds);
                Assert.True(response.Headers.ConnectionClose);
                return 1;
            }
        }
    }

    /// <summary>Asks, each time over a new connection, until it is refused one: all the answers in their order.</summary>
    private static async Task<List<HttpStatusCode>> ProbeUntilGoneAsync(NodeProcess node, CancellationToken cancellationToken)
    {
        List<HttpStatusCode> statuses = [];
        bool wasCut = false;
        while (true)
        {
            using HttpClient prober = Client(node);
            try
            {
                using HttpResponseMessage response = await prober.GetAsync("/health/ready", cancellationToken);
                Assert.False(wasCut, "A probe was cut, and the next one answered.");
                statuses.Add(response.StatusCode);
            }
            catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConnectionError)
            {
                return statuses;
            }
            catch (HttpRequestException)
            {
                // It had connected, and its request had not been read when the node stopped listening. Nothing may be answered after that.
                wasCut = true;
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    private static HttpClient Client(NodeProcess node) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new($"http://127.0.0.1:{node.Port}"), Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>There is no SIGTERM on Windows. Else like <see cref="ServerFactAttribute"/>.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute(params string[] programs) => Skip = OperatingSystem.IsWindows() ? "There is no SIGTERM on Windows." : new ServerFactAttribute(programs).Skip;
    }
}
