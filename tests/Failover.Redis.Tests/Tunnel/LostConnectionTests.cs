using System.Collections.Concurrent;
using Failover.Redis.Tunnel;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>A connection that is lost is made anew only when there was time to look at its server.</summary>
public sealed class LostConnectionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("redis-server")]
    public async Task After_a_crash_the_next_connection_waits_for_the_next_word_and_none_is_refused()
    {
        await using RedisServer first = await RedisServer.StartAsync();
        await using RedisServer second = await RedisServer.StartAsync();
        FakeTimeProvider time = new();
        using MasterTunnel tunnel = new(new TunnelSettings(TunnelApp.Open, TimeSpan.FromSeconds(5)), time, NullLogger.Instance);
        ConfigurationOptions options = new() { AsyncTimeout = 60_000, ConnectTimeout = 60_000 };
        MasterTunnel.Configure(options, tunnel);
        tunnel.SwitchTo(TunnelApp.At(first));
        await using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(Limit);
        TaskCompletionSource heard = new();
        await multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, _) => heard.TrySetResult()).WaitAsync(Limit);
        ConcurrentQueue<ConnectionFailureType> failures = [];
        multiplexer.ConnectionFailed += (_, failed) => failures.Enqueue(failed.FailureType);
        await Waiting.ForAsync(() => Task.FromResult(tunnel.State.Links == 2 ? tunnel : null), TimeSpan.FromMilliseconds(2), Limit, () => $"{tunnel.State}");

        await first.KillAsync();
        await Waiting.ForAsync(() => Task.FromResult(tunnel.State is { Waiting: > 0, Links: 0 } ? tunnel : null), TimeSpan.FromMilliseconds(2), Limit, () => $"{tunnel.State}");
        tunnel.Hold("it was looked at");
        tunnel.SwitchTo(TunnelApp.At(second));
        Assert.True(await multiplexer.GetDatabase().StringSetAsync("a", "b").WaitAsync(Limit));
        await Waiting.ForAsync(
            async () =>
            {
                await multiplexer.GetDatabase().PublishAsync(RedisChannel.Literal("news"), "x").WaitAsync(Limit);
                return heard.Task.IsCompleted ? heard : null;
            },
            TimeSpan.FromMilliseconds(10), Limit, static () => "a message");

        Assert.DoesNotContain(ConnectionFailureType.UnableToConnect, failures);
        tunnel.End();
    }

    [ServerFact("redis-server")]
    public async Task A_connection_that_the_server_closes_for_reasons_of_its_own_is_made_anew()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(server));
        await using ConnectionMultiplexer other = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { TunnelApp.At(server) }, AllowAdmin = true });
        await other.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

        Assert.True(await app.Database.StringSetAsync("a", "b").WaitAsync(Limit));
    }
}
