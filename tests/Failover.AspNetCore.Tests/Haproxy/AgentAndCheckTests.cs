using Failover.AspNetCore.Tests.Processes;
using Failover.TestServers;

namespace Failover.AspNetCore.Tests.Haproxy;

/// <summary>The agent and httpchk together, as docs/health-recipes.md shows them, before two nodes that are processes of their own.</summary>
[Collection("Nodes")]
public class AgentAndCheckTests
{
    [ServerFact("haproxy")]
    public async Task The_agent_moves_what_is_unhealthy_and_httpchk_what_was_killed_and_no_request_fails()
    {
        string license = Path.GetTempFileName();
        await using NodeProcess a = await NodeProcess.StartAsync("--name", "a", "--license", license, "--Failover:HaproxyAgent:Port", "0");
        await using NodeProcess b = await NodeProcess.StartAsync("--name", "b", "--Failover:HaproxyAgent:Port", "0");
        await using HaproxyProcess haproxy = await HaproxyProcess.StartRecipeAsync(a, b);
        Callers callers = new(haproxy.Client, 4);
        await callers.MoreAsync("a", 20);

        File.Delete(license);
        await haproxy.UntilAsync("a", "DOWN (agent)");
        await callers.MoreAsync("b", 20);
        await File.WriteAllTextAsync(license, "");
        await haproxy.UntilAsync("a", "UP");
        await callers.MoreAsync("a", 20);
        Assert.Empty(await callers.EndAsync());

        // Whoever waits for an answer of a process that is killed loses it. Whoever comes after that is sent on.
        a.Kill();
        await a.ExitAsync();
        callers = new(haproxy.Client, 4);
        await haproxy.UntilAsync("a", "DOWN");
        await callers.MoreAsync("b", 20);
        Assert.Empty(await callers.EndAsync());
        Assert.Equal(["b"], callers.Answers.Keys);
        File.Delete(license);
    }

    [ServerFact("haproxy")]
    public async Task Who_sticks_to_a_node_that_is_told_to_end_stays_at_first_and_has_moved_before_it_ends()
    {
        await using NodeProcess a = await NodeProcess.StartAsync("--name", "a", "--Failover:HaproxyAgent:Port", "0", "--Failover:Draining:Hold", "00:00:06");
        await using NodeProcess b = await NodeProcess.StartAsync("--name", "b", "--Failover:HaproxyAgent:Port", "0");
        await using HaproxyProcess haproxy = await HaproxyProcess.StartRecipeAsync(a, b, sticky: true);
        using HttpClient other = haproxy.NewClient();
        HttpClient sticky = await haproxy.Client.GetStringAsync("/who") == "a" ? haproxy.Client : other;
        if (sticky == other)
        {
            Assert.Equal("a", await other.GetStringAsync("/who"));
        }

        Callers callers = new(sticky, 2);
        await callers.MoreAsync("a", 20);
        a.Terminate();
        await haproxy.UntilAsync("a", "DRAIN (agent)");
        await callers.MoreAsync("a", 20);
        using HttpClient fresh = haproxy.NewClient();
        Assert.Equal("b", await fresh.GetStringAsync("/who"));

        await haproxy.UntilAsync("a", "MAINT");
        await callers.MoreAsync("b", 20);
        Assert.Equal(0, await a.ExitAsync());
        await callers.MoreAsync("b", 20);
        Assert.Empty(await callers.EndAsync());
    }

    [ServerFact("haproxy")]
    public async Task A_node_whose_pool_has_no_thread_left_answers_nobody_and_httpchk_finds_that_out()
    {
        // Sixteen threads are all that it may have, in hexadecimal.
        await using NodeProcess a = await NodeProcess.StartAsync([("DOTNET_ThreadPool_ForceMaxWorkerThreads", "10")], "--name", "a", "--threads", "", "--Failover:HaproxyAgent:Port", "0");
        await using NodeProcess b = await NodeProcess.StartAsync("--name", "b", "--Failover:HaproxyAgent:Port", "0");
        await using HaproxyProcess haproxy = await HaproxyProcess.StartRecipeAsync(a, b);
        Callers callers = new(haproxy.Client, 4);
        await callers.MoreAsync("a", 20);

        await a.AskAsync("/hold?threads=100", timeout: TimeSpan.FromSeconds(1));
        await haproxy.UntilAsync("a", "DOWN");
        Assert.Equal("b", await haproxy.Client.GetStringAsync("/who"));
        Assert.Null(await a.AskAsync("/health/live", timeout: TimeSpan.FromSeconds(1)));
        a.Release();
        await haproxy.UntilAsync("a", "UP");
        await callers.MoreAsync("a", 20);

        // Requests that were under way waited, and got their answers.
        Assert.Empty(await callers.EndAsync());
    }
}
