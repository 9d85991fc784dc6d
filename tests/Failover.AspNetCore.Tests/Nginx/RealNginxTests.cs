using System.Net;
using Failover.AspNetCore.Tests.Processes;
using Failover.TestServers;

namespace Failover.AspNetCore.Tests.Nginx;

/// <summary>nginx asks no node how it is: it learns from the requests that it passes on.</summary>
[Collection("Nodes")]
public class RealNginxTests
{
    [ServerFact("nginx")]
    public async Task Requests_are_passed_to_a_node_that_drains_until_somebody_asks_for_ready_through_nginx()
    {
        string file = Path.Combine(Path.GetTempPath(), $"failover-drain-{Guid.NewGuid():N}");
        await using NodeProcess a = await NodeProcess.StartAsync("--name", "a", "--Failover:Draining:File", file, "--Failover:Draining:FilePeriod", "00:00:00.100");
        await using NodeProcess b = await NodeProcess.StartAsync("--name", "b");
        await using NginxProcess nginx = await NginxProcess.StartAsync(a, b);
        Callers callers = new(nginx.Client, 2);
        await File.WriteAllTextAsync(file, "");
        await a.UntilAsync("/health/ready", HttpStatusCode.ServiceUnavailable);
        await callers.MoreAsync("a", 20);

        Assert.Empty(await callers.EndAsync());

        // One answer of each node: the 503 of the one is passed over, and that node left for a while.
        for (int ask = 0; ask < 2; ask++)
        {
            Assert.Equal(HttpStatusCode.OK, (await nginx.Client.GetAsync("/health/ready")).StatusCode);
        }

        HashSet<string> who = [];
        for (int ask = 0; ask < 20; ask++)
        {
            who.Add(await nginx.Client.GetStringAsync("/who"));
        }

        Assert.Equal(["b"], who);
        File.Delete(file);
    }

    [ServerFact("nginx")]
    public async Task No_request_fails_when_a_node_is_told_to_end_and_none_when_it_is_killed()
    {
        await using NodeProcess a = await NodeProcess.StartAsync("--name", "a", "--Failover:Draining:Hold", "00:00:02");
        await using NodeProcess b = await NodeProcess.StartAsync("--name", "b");
        await using NodeProcess c = await NodeProcess.StartAsync("--name", "c");
        await using (NginxProcess nginx = await NginxProcess.StartAsync(a, b))
        {
            Callers callers = new(nginx.Client, 2);
            Callers posters = new(nginx.Client, 2, method: HttpMethod.Post);
            await callers.MoreAsync("a", 20);
            a.Terminate();
            Assert.Equal(0, await a.ExitAsync());
            await posters.MoreAsync("b", 50);
            Assert.Empty(await callers.EndAsync());

            // A connection that is made in the very moment in which the node closes its port is reset: a POST on it ends there, which nginx may not send again.
            IReadOnlyCollection<string> failed = await posters.EndAsync();
            Assert.True(failed.Count <= 2, $"{failed.Count}");
            Assert.All(failed, static answer => Assert.StartsWith("502 ", answer, StringComparison.Ordinal));
        }

        await using (NginxProcess nginx = await NginxProcess.StartAsync(b, c))
        {
            Callers callers = new(nginx.Client, 4);
            await callers.MoreAsync("b", 20);
            b.Kill();
            await callers.MoreAsync("c", 50);
            Assert.Empty(await callers.EndAsync());
        }
    }
}
