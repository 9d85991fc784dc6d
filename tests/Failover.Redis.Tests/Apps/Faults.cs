using Failover.TestServers;
using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Apps;

/// <summary>What the master is lost by, and when an app has followed.</summary>
internal static class Faults
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Has the master moved as planned, when its replicas have all that it has: the sentinels do not wait for what they lack.</summary>
    internal static async Task MoveAsync(this SentinelSet set, params FailoverRedis[] apps)
    {
        await set.WaitForHealthAsync();
        await ReplicatedAsync(set);
        await FollowedAsync(await set.SwitchAsync(), apps);
    }

    /// <summary>Kills the master when its replicas have all that it has, and waits for another: what they lack is lost with any client.</summary>
    internal static async Task LoseAsync(this SentinelSet set, params FailoverRedis[] apps)
    {
        RedisNode old = await set.WaitForHealthAsync();
        await ReplicatedAsync(set);
        await old.KillAsync();
        await FollowedAsync(await set.WaitForMasterAsync(otherThan: old), apps);
    }

    internal static Task UntilAsync(string what, Func<bool> isSo) => Waiting.ForAsync(() => Task.FromResult(isSo() ? what : null), Look, Limit, () => what);

    private static Task<SentinelSet> ReplicatedAsync(SentinelSet set) => Waiting.ForAsync(
        async () => (await Task.WhenAll(set.Nodes.Select(static node => node.StateAsync()))).Select(static state => state?.Offset).Distinct().Count() == 1 ? set : null,
        Look, Limit, static () => "replicas that have everything");

    private static async Task FollowedAsync(RedisNode master, FailoverRedis[] apps)
    {
        foreach (FailoverRedis app in apps)
        {
            await UntilAsync($"the group to follow {master.Name}", () => app.Group.Snapshot is { Condition: GroupCondition.Settled, Active.Address.Port: var port } && port == master.Port);
        }
    }
}
