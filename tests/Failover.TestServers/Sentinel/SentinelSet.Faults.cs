using Failover.TestServers.Resp;

namespace Failover.TestServers.Sentinel;

public sealed partial class SentinelSet
{
    /// <summary>Has the master moved as planned, by <c>SENTINEL FAILOVER</c>, and waits until most of the sentinels name another.</summary>
    /// <returns>The new master.</returns>
    public async Task<RedisNode> SwitchAsync()
    {
        RedisNode from = await WaitForMasterAsync();
        await RequestFailoverAsync();
        return await WaitForMasterAsync(otherThan: from);
    }

    /// <summary>Asks the first sentinel that runs for a failover, until it begins one: it does not while another is on its way, or while it knows of no good replica.</summary>
    public Task RequestFailoverAsync()
    {
        string refusal = "";
        return Waiting.ForAsync<object>(
            async () =>
            {
                try
                {
                    return await Sentinels.First(static sentinel => sentinel.IsRunning).AskAsync("SENTINEL", "FAILOVER", ServiceName);
                }
                catch (RespException exception)
                {
                    refusal = exception.Message;
                    return null;
                }
            },
            Look, Limit, () => $"a sentinel to begin a failover: {refusal}");
    }

    /// <summary>
    /// Begins a planned failover, and kills the sentinel that leads it when the replica has become a master and before any sentinel says <c>+switch-master</c>. The others still name the old master, and make the new one a replica again after some 10 s.
    /// The window is the leader's next look at the replica, up to a second; a run that misses it is undone and done again.
    /// </summary>
    /// <returns>The node that was promoted, and the leader.</returns>
    /// <exception cref="TimeoutException">The window was missed five times.</exception>
    public async Task<(RedisNode Promoted, SentinelNode Leader)> KillLeaderAfterPromotionAsync()
    {
        for (int i = 0; i < 5; i++)
        {
            await using SentinelEvents events = await SentinelEvents.ListenAsync(Sentinels);
            await RequestFailoverAsync();
            SentinelEvent promoting = await events.WaitAsync(static one => one.Channel == "+failover-state-wait-promotion", Limit);
            RedisNode promoted = Nodes.First(node => promoting.Message.Contains($" {node.Port} @", StringComparison.Ordinal));
            await promoted.WaitAsync(static state => state.IsMaster, Limit);
            await promoting.Sentinel.KillAsync();
            await events.EndOfAsync(promoting.Sentinel);
            if (!events.Seen.Any(static one => one.Channel is "+promoted-slave" or "+switch-master"))
            {
                return (promoted, promoting.Sentinel);
            }

            await RestoreAsync();
        }

        throw new TimeoutException("The leader saw the promotion each time before it could be killed.");
    }

    /// <summary>Begins a planned failover that comes to nothing: the replicas are frozen meanwhile. Ends when the leader gave it up, after <see cref="SentinelSetOptions.FailoverTimeout"/>; both replicas are started again, without what was sent to them meanwhile.</summary>
    public async Task AbortFailoverAsync()
    {
        RedisNode master = await WaitForMasterAsync();
        List<RedisNode> replicas = [.. Nodes.Where(node => node != master)];
        await using SentinelEvents events = await SentinelEvents.ListenAsync(Sentinels);
        replicas.ForEach(static node => node.Freeze());
        await RequestFailoverAsync();
        await events.WaitAsync(static one => one.Channel.StartsWith("-failover-abort-", StringComparison.Ordinal), Limit);
        await Task.WhenAll(replicas.Select(static async node =>
        {
            await node.KillAsync();
            await node.StartAgainAsync();
        }));
    }

    /// <summary>Wipes the set and makes a new one on the same ports and with the same passwords: epochs from the first, other sentinels' ids, no data; the first node is the master.</summary>
    public async Task RebuildAsync()
    {
        await Task.WhenAll(Sentinels.Select(static sentinel => sentinel.KillAsync()));
        await Task.WhenAll(Nodes.Select(static node => node.KillAsync()));
        foreach (SentinelNode sentinel in Sentinels)
        {
            sentinel.TakeNewId();
        }

        await StartNewAsync();
    }

    /// <summary>Undoes what faults have done, and waits for health. What was killed is started with what it had; whoever is a master and should not be is made a replica at once, for which the sentinels take some 10 s.</summary>
    /// <returns>The master.</returns>
    public async Task<RedisNode> RestoreAsync()
    {
        await Task.WhenAll(Sentinels.Select(static async sentinel =>
        {
            if (sentinel.IsFrozen)
            {
                // What wakes up after two seconds does nothing for 30.
                await sentinel.KillAsync();
            }

            if (!sentinel.IsRunning)
            {
                await sentinel.StartAgainAsync();
            }
        }));
        await Task.WhenAll(Nodes.Select(static async node =>
        {
            await node.MendNetworkAsync();
            if (node.IsFrozen)
            {
                node.Thaw();
            }

            if (!node.IsRunning)
            {
                await node.StartAgainAsync();
            }
        }));
        await Waiting.ForAsync(
            async () =>
            {
                SetState state = await StateAsync();
                if (IsHealthy(state))
                {
                    return state;
                }

                if (MasterOf(state) is { } master)
                {
                    await FollowAsync(master, state);
                }

                return null;
            },
            Look, Limit, () => "health after a fault");
        return await WaitForHealthAsync();
    }

    private static async Task FollowAsync(RedisNode master, SetState state)
    {
        foreach ((RedisNode node, RedisNodeState? its) in state.Nodes)
        {
            if (node != master && its is not null && (its.IsMaster || its.MasterPort != master.Port))
            {
                await node.AskAsync("REPLICAOF", master.Host, $"{master.Port}");
            }
        }
    }
}
