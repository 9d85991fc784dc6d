using System.Diagnostics;
using System.Net;
using Failover.Redis.Tunnel;
using Failover.TestServers;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>One multiplexer between two real servers.</summary>
public sealed class MasterTunnelTests(ITestOutputHelper output) : IAsyncLifetime
{
    private RedisServer _first = null!;
    private RedisServer _second = null!;

    public async Task InitializeAsync() =>
        (_first, _second) = (await RedisServer.StartAsync("--enable-debug-command", "local"), await RedisServer.StartAsync());

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [ServerFact("redis-server")]
    public async Task This_version_of_the_multiplexer_leaves_when_it_is_told_that_its_server_moves()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        await app.Multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"));
        await app.HoldAsync();
        await app.UntilAsync(state => state.Taken == 1 && app.Failures.Count == 2);

        output.WriteLine($"{app.Multiplexer.GetType().Assembly.GetCustomAttributes(false).OfType<System.Reflection.AssemblyInformationalVersionAttribute>().FirstOrDefault()?.InformationalVersion}: {app.Tunnel.State}");
        Assert.All(app.Failures, static failed => Assert.Equal(ConnectionFailureType.MaintenanceHandoff, failed.FailureType));
        TunnelState state = app.Tunnel.State;
        Assert.Equal((TunnelMode.Handoff, 1, 1), (state.Mode, state.Handoffs, state.Taken));
    }

    [ServerFact("redis-server")]
    public async Task Under_load_no_command_is_lost_doubled_or_failed_by_being_held_and_moved()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        await using CountingLoad load = CountingLoad.Start(app.Database);
        long begun = Stopwatch.GetTimestamp();
        int turnsWithErrors = 0;
        await load.MoreAsync(2_000);
        for (int turn = 0; turn < 10; turn++)
        {
            int errors = load.Errors.Count;
            await app.HoldAsync();
            app.Tunnel.SwitchTo(TunnelApp.At(turn % 2 == 0 ? _second : _first));
            await load.MoreAsync(2_000);
            turnsWithErrors += load.Errors.Count > errors ? 1 : 0;
        }

        await load.StopAsync();
        output.WriteLine($"{load.Acknowledged} commands, {load.Acknowledged / Stopwatch.GetElapsedTime(begun).TotalSeconds:f0} a second, {load.Errors.Count} errors, {app.Tunnel.State}");
        await using ConnectionMultiplexer first = await ConnectionMultiplexer.ConnectAsync(_first.Endpoint);
        await using ConnectionMultiplexer second = await ConnectionMultiplexer.ConnectAsync(_second.Endpoint);
        await load.CheckAsync(first.GetDatabase(), second.GetDatabase());

        // A process that gets no turn for 300 ms is not waited for.
        Assert.InRange(turnsWithErrors, 0, 2);
        await app.UntilAsync(static state => state.Taken >= 8);
    }

    [ServerFact("redis-server")]
    public async Task Holds_that_follow_each_other_at_once_lose_no_command_that_was_acknowledged()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        await using CountingLoad load = CountingLoad.Start(app.Database);
        for (int turn = 0; turn < 30; turn++)
        {
            await load.MoreAsync(20);
            app.Tunnel.Hold("test");
            if (turn % 3 == 0)
            {
                await app.UntilAsync(static state => state.Links == 0);
            }

            app.Tunnel.Release();
        }

        await load.MoreAsync(2_000);
        await load.StopAsync();
        output.WriteLine($"{load.Errors.Count} errors, {app.Tunnel.State}");
        await load.CheckAsync(app.Database);
        Assert.Equal(TunnelMode.Handoff, app.Tunnel.State.Mode);
    }

    [ServerFact("redis-server")]
    public async Task What_is_on_its_way_is_answered_and_what_comes_later_waits_for_the_next_server()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        Task sleep = app.Database.ExecuteAsync("DEBUG", "SLEEP", "0.05");
        Task<long>[] sent = [.. Enumerable.Range(0, 100).Select(_ => app.Database.StringIncrementAsync("before"))];
        await app.SentAsync(1);
        await app.HoldAsync();
        await Task.WhenAll([sleep, .. sent]).WaitAsync(TunnelApp.Limit);

        Task<long>[] later = [.. Enumerable.Range(0, 100).Select(_ => app.Database.StringIncrementAsync("during"))];
        await app.UntilAsync(static state => state.Waiting > 0);
        Assert.All(later, static command => Assert.False(command.IsCompleted));
        app.Tunnel.SwitchTo(TunnelApp.At(_second));

        await Task.WhenAll(later).WaitAsync(TunnelApp.Limit);
        Assert.Equal((100, 0), (await TunnelApp.CountAsync(_first, "before"), await TunnelApp.CountAsync(_first, "during")));
        Assert.Equal((0, 100), (await TunnelApp.CountAsync(_second, "before"), await TunnelApp.CountAsync(_second, "during")));
    }

    [ServerFact("redis-server")]
    public async Task What_was_held_goes_on_where_it_was_when_nothing_came_of_it()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        await app.HoldAsync();
        Task<long> waits = app.Database.StringIncrementAsync("during");
        app.Tunnel.Release();
        await waits.WaitAsync(TunnelApp.Limit);
        Assert.Equal(1, await TunnelApp.CountAsync(_first, "during"));
    }

    [ServerFact("redis-server")]
    public async Task Subscriptions_are_there_on_the_next_server()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await app.Multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, _) => heard.TrySetResult());
        await app.HoldAsync();
        app.Tunnel.SwitchTo(TunnelApp.At(_second));

        await using ConnectionMultiplexer direct = await ConnectionMultiplexer.ConnectAsync(_second.Endpoint);
        await TestServers.Waiting.ForAsync(
            async () => await direct.GetSubscriber().PublishAsync(RedisChannel.Literal("news"), "x") > 0 ? "" : null,
            TimeSpan.FromMilliseconds(20), TunnelApp.Limit, () => "a subscriber");
        await heard.Task.WaitAsync(TunnelApp.Limit);
    }

    [ServerFact("redis-server")]
    public async Task A_cut_ends_at_once_what_waits_for_a_frozen_server()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        _first.Freeze();
        Task<long>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => app.Database.StringIncrementAsync("k"))];
        await app.SentAsync(100);
        app.Tunnel.CutAll("test");

        // Their own timeout is a minute.
        foreach (Task<long> command in waiting)
        {
            RedisConnectionException error = await Assert.ThrowsAsync<RedisConnectionException>(() => command.WaitAsync(TunnelApp.Limit));
            Assert.Equal(CommandStatus.Sent, error.CommandStatus);
        }

        app.Tunnel.SwitchTo(TunnelApp.At(_second));
        Assert.Equal(1, await app.Database.StringIncrementAsync("k").WaitAsync(TunnelApp.Limit));
    }

    [ServerFact("redis-server")]
    public async Task A_frozen_server_is_left_when_it_is_held_and_only_what_was_sent_is_lost()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        _first.Freeze();
        Task<long> sent = app.Database.StringIncrementAsync("k");
        await app.SentAsync(1);
        await app.HoldAsync();
        await Assert.ThrowsAsync<RedisConnectionException>(() => sent.WaitAsync(TunnelApp.Limit));

        Task<long> later = app.Database.StringIncrementAsync("k");
        app.Tunnel.SwitchTo(TunnelApp.At(_second));
        Assert.Equal(1, await later.WaitAsync(TunnelApp.Limit));
    }

    [ServerFact("redis-server")]
    public async Task A_connection_to_a_host_that_is_not_there_is_given_up_for_the_next_server()
    {
        await using Relay nowhere = Relay.Start(_first.Port);
        await nowhere.BecomeAsync(RelayMode.Blackhole);
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        await app.HoldAsync();
        app.Tunnel.SwitchTo(new IPEndPoint(IPAddress.Loopback, nowhere.Port));
        await app.UntilAsync(static state => state is { Waiting: 0, Links: > 0 });

        // The multiplexer would try for a minute.
        app.Tunnel.SwitchTo(TunnelApp.At(_second));
        Assert.Equal(1, await app.Database.StringIncrementAsync("k").WaitAsync(TunnelApp.Limit));
        await nowhere.BecomeAsync(RelayMode.Pass);
    }

    [ServerFact("redis-server")]
    public async Task A_name_leads_to_the_address_that_takes_connections()
    {
        // On most machines ::1, where nobody listens, and 127.0.0.1.
        await using TunnelApp app = await TunnelApp.StartAsync(new DnsEndPoint("localhost", _first.Port));
        await app.HoldAsync();
        app.Tunnel.SwitchTo(new DnsEndPoint("localhost", _second.Port));
        Assert.Equal(1, await app.Database.StringIncrementAsync("k").WaitAsync(TunnelApp.Limit));
        Assert.Equal(1, await TunnelApp.CountAsync(_second, "k"));
    }

    [ServerFact("redis-server")]
    public async Task A_name_that_leads_nowhere_is_told_once_and_left_for_the_next_server()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_second));
        await app.HoldAsync();
        app.Tunnel.SwitchTo(new DnsEndPoint("nowhere.invalid", 6379));
        await TestServers.Waiting.ForAsync(() => Task.FromResult<object?>(app.Logger.Collector.LatestRecord.Id.Id == 9003 ? "" : null), TimeSpan.FromMilliseconds(10), TunnelApp.Limit, () => "a word in the log");
        app.Tunnel.SwitchTo(TunnelApp.At(_first));
        await app.Database.PingAsync().WaitAsync(TunnelApp.Limit);
        Assert.Single(app.Logger.Collector.GetSnapshot(), static record => record.Id.Id == 9003);
    }

    [ServerFact("redis-server")]
    public async Task At_the_end_nobody_waits_and_nobody_connects()
    {
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(_first));
        await app.HoldAsync();
        app.Tunnel.End();
        app.Tunnel.SwitchTo(TunnelApp.At(_second));
        await app.UntilAsync(static state => state is { Waiting: 0, Links: 0, IsHeld: true });
    }
}
