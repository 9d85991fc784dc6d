using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Resp;
using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Apps;

/// <summary>SignalR between two hosts: what is sent on one is heard by those who are connected to the other.</summary>
[Collection(OnOtherSentinels.Name)]
public class BackplaneTests(SharedSentinels shared)
{
    private const int Many = 100;

    [ServerFact("redis-server")]
    public async Task Each_message_that_is_sent_when_hosts_hear_each_other_again_arrives_once_and_in_order_and_no_client_is_lost()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using HubHost first = await HubHost.StartAsync(set.ConnectionString);
        await using HubHost second = await HubHost.StartAsync(set.ConnectionString);
        await using HubListener listener = await HubListener.StartAsync(first);
        await HearsAllAsync(listener, second, "before");

        await set.MoveAsync(first.Redis, second.Redis);
        await HearsAllAsync(listener, second, "moved");

        await set.LoseAsync(first.Redis, second.Redis);
        await HearsAllAsync(listener, second, "killed");
        Assert.Equal(0, listener.Losses);
    }

    [ServerFact("redis-server")]
    public async Task A_host_that_starts_while_Redis_is_away_hears_messages_when_it_is_back()
    {
        await using SentinelSet set = await SentinelSet.StartAsync();
        RespServer[] servers = [.. set.Sentinels, .. set.Nodes];
        await Task.WhenAll(servers.Select(static server => server.KillAsync()));
        await using HubHost host = await HubHost.StartAsync($"{set.ConnectionString},connectTimeout=1000", startTimeout: TimeSpan.FromSeconds(1));
        await host.Redis.ConnectAsync(CancellationToken.None);
        await Faults.UntilAsync("the group to give up", () => host.Redis.Group.Snapshot.Condition == GroupCondition.Unavailable);

        await Task.WhenAll(servers.Select(static server => server.StartAgainAsync()));
        await Faults.UntilAsync("a master", () => host.Redis.Group.Snapshot.Condition == GroupCondition.Settled);
        await using HubListener listener = await HubListener.StartAsync(host);
        await HearsAllAsync(listener, host, "back");
    }

    /// <summary>Calls until one call is heard, for what is published while a host does not listen is not kept; and then sends many more.</summary>
    private static async Task HearsAllAsync(HubListener listener, HubHost sender, string name)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(50));
        while (!listener.Heard.Contains($"{name} call"))
        {
            await sender.SayAsync($"{name} call");
            await pause.WaitForNextTickAsync(limit.Token);
        }

        string[] said = [.. Enumerable.Range(1, Many).Select(number => $"{name} {number}")];
        foreach (string words in said)
        {
            await sender.SayAsync(words);
        }

        await Faults.UntilAsync($"'{said[^1]}' to be heard", () => listener.Heard.Contains(said[^1]));
        Assert.Equal(said, listener.Heard.Where(words => words.StartsWith(name, StringComparison.Ordinal) && !words.EndsWith("call", StringComparison.Ordinal)));
    }
}
