using System.Net;
using Failover.AspNetCore.Tests.Haproxy;
using Failover.AspNetCore.Tests.Processes;
using Failover.TestServers;
using Failover.TestServers.Servers;

namespace Failover.AspNetCore.Tests.Servers;

/// <summary>A database that all nodes share goes away: that must never empty the balancer in front of them.</summary>
[Collection("Servers")]
public sealed class CascadeTests(ServersFixture servers)
{
    [ServerFact("haproxy", "postgres", "initdb")]
    public async Task When_the_shared_database_goes_away_every_node_says_so_and_none_is_taken_out_of_service()
    {
        PostgreSqlServer database = await servers.PostgreSqlAsync();
        await using NodeProcess a = await StartAsync(database, "a");
        await using NodeProcess b = await StartAsync(database, "b");
        await Task.WhenAll(a.UntilAsync("/health", HttpStatusCode.OK), b.UntilAsync("/health", HttpStatusCode.OK));
        await using HaproxyProcess haproxy = await HaproxyProcess.StartRecipeAsync(a, b);
        using CancellationTokenSource over = new();
        Task<int> watch = haproxy.MostOutOfServiceAsync(over.Token);
        Callers callers = new(haproxy.Client, 4);

        await OutageAsync(database.KillAsync, database.StartAgainAsync);
        await OutageAsync(() => Done(database.Freeze), () => Done(database.Thaw));

        await over.CancelAsync();
        Assert.Empty(await callers.EndAsync());
        Assert.Equal(0, await watch);
        Assert.Equal(((0, 0), (0, 0)), (await haproxy.DownAsync("a"), await haproxy.DownAsync("b")));

        async Task OutageAsync(Func<Task> begin, Func<Task> end)
        {
            await begin();
            try
            {
                await Task.WhenAll(a.UntilAsync("/health", HttpStatusCode.ServiceUnavailable), b.UntilAsync("/health", HttpStatusCode.ServiceUnavailable));

                // HAProxy asks again and again meanwhile: agents each 200 ms, nodes each second.
                using CancellationTokenSource outage = new(TimeSpan.FromSeconds(2.5));
                while (!outage.IsCancellationRequested)
                {
                    Assert.Equal(HttpStatusCode.OK, (await haproxy.Client.GetAsync("/health/ready")).StatusCode);
                    await callers.MoreAsync("a", 20);
                    await callers.MoreAsync("b", 20);
                }

                Assert.Contains("\"notes\":[\"db unhealthy\"]", (await a.AskAsync("/health", a.ManagementPort))!.Value.Body, StringComparison.Ordinal);
            }
            finally
            {
                await end();
            }

            await Task.WhenAll(a.UntilAsync("/health", HttpStatusCode.OK), b.UntilAsync("/health", HttpStatusCode.OK));
        }
    }

    [ServerFact("haproxy", "postgres", "initdb")]
    public async Task The_same_database_said_to_be_local_takes_both_out()
    {
        PostgreSqlServer database = await servers.PostgreSqlAsync();
        await using NodeProcess a = await StartAsync(database, "a", "--Failover:Health:Checks:db:Scope", "Local");
        await using NodeProcess b = await StartAsync(database, "b", "--Failover:Health:Checks:db:Scope", "Local");
        await using HaproxyProcess haproxy = await HaproxyProcess.StartRecipeAsync(a, b);

        await database.KillAsync();
        try
        {
            await haproxy.UntilAsync("a", "DOWN (agent)");
            await haproxy.UntilAsync("b", "DOWN (agent)");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await haproxy.Client.GetAsync("/who")).StatusCode);
        }
        finally
        {
            await database.StartAgainAsync();
        }

        await haproxy.UntilAsync("a", "UP");
        await haproxy.UntilAsync("b", "UP");
    }

    private static Task<NodeProcess> StartAsync(PostgreSqlServer database, string name, params string[] arguments) =>
        NodeProcess.StartAsync(["--name", name, "--Failover:HaproxyAgent:Port", "0", "--database", database.ConnectionString, .. arguments]);

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
