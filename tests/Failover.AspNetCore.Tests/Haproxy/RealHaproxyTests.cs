using Failover.AspNetCore.Haproxy;
using Failover.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Failover.AspNetCore.Tests.Haproxy;

public class RealHaproxyTests
{
    [ServerFact("haproxy")]
    public async Task Haproxy_follows_every_state_that_the_agent_tells_and_comes_back_from_each()
    {
        TestCheck disk = TestCheck.Healthy;
        await using App app = await App.StartAsync(builder =>
        {
            builder.Services.AddHealthChecks().AddCheck("disk", disk, tags: ["local"]);
            builder.Services.AddFailover().AddHaproxyAgent(0);
        });
        await app.OperationalAsync();
        await using HaproxyProcess haproxy = await HaproxyProcess.StartAsync(("a", app.Port, AgentPort(app)));
        await haproxy.UntilAsync("a", "UP");

        app.Drain.Begin("deployment");
        await haproxy.UntilAsync("a", "DRAIN (agent)");
        app.Drain.End("deployment");
        await haproxy.UntilAsync("a", "UP");

        disk.Say(HealthStatus.Unhealthy);
        await haproxy.UntilAsync("a", "DOWN (agent)");
        disk.Say(HealthStatus.Healthy);
        await haproxy.UntilAsync("a", "UP");
    }

    [ServerFact("haproxy")]
    public async Task Haproxy_puts_a_node_that_is_about_to_close_into_maintenance_and_takes_it_back_when_it_has_started_again()
    {
        FakeTimeProvider time = new();
        await using App app = await App.StartAsync(builder =>
        {
            builder.Configuration["Failover:Draining:Hold"] = "00:00:10";
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Services.AddFailover().AddHaproxyAgent(0);
        });
        int agentPort = AgentPort(app);
        await using HaproxyProcess haproxy = await HaproxyProcess.StartAsync(("a", app.Port, agentPort));
        await haproxy.UntilAsync("a", "UP");

        Task stopped = app.StopAsync();
        await App.UntilAsync(() => app.Log.GetSnapshot().Any(record => record.Id == 5010), "the shutdown holds");
        time.Advance(TimeSpan.FromSeconds(5));
        await haproxy.UntilAsync("a", "MAINT");
        time.Advance(TimeSpan.FromSeconds(5));
        await stopped.WaitAsync(TimeSpan.FromSeconds(30));
        await app.DisposeAsync();

        await using App next = await App.StartAsync(builder => builder.Services.AddFailover().AddHaproxyAgent(agentPort), port: app.Port);
        await haproxy.UntilAsync("a", "UP");
    }

    [ServerFact("haproxy")]
    public async Task No_request_fails_while_two_nodes_drain_in_turn()
    {
        await using App a = await StartNodeAsync("a");
        await using App b = await StartNodeAsync("b");
        await using HaproxyProcess haproxy = await HaproxyProcess.StartAsync(("a", a.Port, AgentPort(a)), ("b", b.Port, AgentPort(b)));
        await haproxy.UntilAsync("a", "UP");
        await haproxy.UntilAsync("b", "UP");

        Callers callers = new(haproxy.Client, 4);
        for (int drain = 0; drain < 10; drain++)
        {
            (App leaving, string name, string other) = drain % 2 == 0 ? (a, "a", "b") : (b, "b", "a");
            leaving.Drain.Begin("deployment");
            await haproxy.UntilAsync(name, "DRAIN (agent)");
            for (int call = 0; call < 10; call++)
            {
                Assert.Equal(other, await haproxy.Client.GetStringAsync("/who"));
            }

            leaving.Drain.End("deployment");
            await haproxy.UntilAsync(name, "UP");
        }

        Assert.Empty(await callers.EndAsync());
        Assert.Equal(["a", "b"], callers.Answers.Keys.Order());
    }

    private static Task<App> StartNodeAsync(string name) => App.StartAsync(
        builder => builder.Services.AddFailover().AddHaproxyAgent(0),
        (app, _) =>
        {
            app.MapFailoverHealth("/health");
            app.MapGet("/who", () => name);
        });

    private static int AgentPort(App app) => app.Services.GetRequiredService<HaproxyAgent>().EndPoint!.Port;
}
