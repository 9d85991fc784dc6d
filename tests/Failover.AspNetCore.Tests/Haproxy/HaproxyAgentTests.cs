using System.Net.Sockets;
using Failover.AspNetCore.Haproxy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Failover.AspNetCore.Tests.Haproxy;

public class HaproxyAgentTests
{
    [Fact]
    public async Task The_agent_tells_how_the_node_stands()
    {
        TestCheck disk = TestCheck.Unhealthy;
        await using App app = await App.StartAsync(builder =>
        {
            builder.Services.AddHealthChecks().AddCheck("disk", disk, tags: ["local"]);
            builder.Services.AddFailover().AddHaproxyAgent(0);
        });
        Assert.Equal("down #starting\n", await AskAsync(app));

        disk.Say(HealthStatus.Healthy);
        await app.OperationalAsync();
        Assert.Equal("up ready 100%\n", await AskAsync(app));

        disk.Say(HealthStatus.Unhealthy);
        await app.NotOperationalAsync();
        Assert.Equal("down #unhealthy\n", await AskAsync(app));

        app.Drain.Begin("deployment");
        Assert.Equal("drain\n", await AskAsync(app));
    }

    [Fact]
    public async Task In_the_second_half_of_a_shutdown_it_moves_sticky_sessions_as_well()
    {
        FakeTimeProvider time = new();
        await using App app = await App.StartAsync(builder =>
        {
            builder.Configuration["Failover:Draining:Hold"] = "00:00:10";
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Services.AddFailover().AddHaproxyAgent(0);
        });
        Task stopped = app.StopAsync();
        await App.UntilAsync(() => app.Log.GetSnapshot().Any(record => record.Id == 5010), "the shutdown holds");

        Assert.Equal("drain\n", await AskAsync(app));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("maint\n", await AskAsync(app));
        time.Advance(TimeSpan.FromSeconds(5));
        await stopped.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("maint\n", await AskAsync(app));
    }

    [Fact]
    public async Task Its_port_may_come_from_the_configuration()
    {
        await using App app = await App.StartAsync(builder =>
        {
            builder.Configuration["Failover:HaproxyAgent:Port"] = "0";
            builder.Configuration["Failover:HaproxyAgent:Address"] = "::1";
            builder.Services.AddFailover().AddHaproxyAgent();
        });

        Assert.Equal("::1", Agent(app).EndPoint!.Address.ToString());
        Assert.Contains(app.Log.GetSnapshot(), record => record.Id == 5020 && record.Message.Contains($"[::1]:{Agent(app).EndPoint!.Port}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_peer_sends_changes_no_answer_and_loses_none()
    {
        await using App app = await App.StartAsync(builder => builder.Services.AddFailover().AddHaproxyAgent(0));

        for (int at = 0; at < 50; at++)
        {
            Assert.Equal("up ready 100%\n", await Wire.AskAsync(Agent(app).EndPoint!.Port, new string('x', 100_000)));
        }
    }

    [Fact]
    public async Task Peers_that_neither_read_nor_leave_keep_nobody_waiting_and_are_let_go_in_time()
    {
        await using App app = await App.StartAsync(builder =>
        {
            builder.Configuration["Failover:HaproxyAgent:MaxConnections"] = "4";
            builder.Services.AddFailover().AddHaproxyAgent(0);
        });
        List<Wire> idle = [];
        for (int at = 0; at < 100; at++)
        {
            idle.Add(await Wire.OpenAsync(Agent(app).EndPoint!.Port));
            Assert.Equal("up ready 100%\n", await AskAsync(app));
            Assert.InRange(Agent(app).Connections, 0, 6);
        }

        // Those that were closed at once have their answer all the same.
        Assert.All(await Task.WhenAll(idle.Select(wire => wire.ToEndAsync())), answer => Assert.Equal("up ready 100%\n", answer));
        await App.UntilAsync(() => Agent(app).Connections == 0, "every connection has ended");
        idle.ForEach(wire => wire.Dispose());
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start()
    {
        await using App first = await App.StartAsync(builder => builder.Services.AddFailover().AddHaproxyAgent(0));

        SocketException taken = await Assert.ThrowsAsync<SocketException>(() => App.StartAsync(builder => builder.Services.AddFailover().AddHaproxyAgent(Agent(first).EndPoint!.Port)));

        Assert.Equal(SocketError.AddressAlreadyInUse, taken.SocketErrorCode);
    }

    private static HaproxyAgent Agent(App app) => app.Services.GetRequiredService<HaproxyAgent>();

    private static Task<string> AskAsync(App app) => Wire.AskAsync(Agent(app).EndPoint!.Port, "");
}
