using System.Text;
using System.Text.Json.Nodes;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Patroni;

public sealed partial class PatroniCluster
{
    // pg_rewind takes some rounds, and longer on a busy disk; a node that is not back then copies the primary.
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(12);

    /// <summary>Asks Patroni to move the primary, and waits until it has.</summary>
    /// <param name="to">The node to move to; null for any.</param>
    /// <returns>The new primary.</returns>
    /// <exception cref="InvalidOperationException">Patroni refused; the message is what it said.</exception>
    public async Task<PatroniNode> SwitchoverAsync(PatroniNode? to = null)
    {
        PatroniNode from = await WaitForPrimaryAsync();
        await RequestSwitchoverAsync(from, to);
        return await WaitForPrimaryAsync(otherThan: from);
    }

    /// <summary>Asks Patroni to move the primary. It answers when that is done.</summary>
    /// <exception cref="InvalidOperationException">Patroni refused; the message is what it said.</exception>
    public async Task RequestSwitchoverAsync(PatroniNode from, PatroniNode? to)
    {
        JsonObject request = new() { ["leader"] = from.Name };
        if (to is not null)
        {
            request["candidate"] = to.Name;
        }

        // Of a known length: Patroni takes no chunks.
        using StringContent body = new(request.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(from.RestAddress, "switchover"), body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"Patroni refused the switchover: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Adds a node, which copies the primary's data, and waits until it streams.</summary>
    public async Task<PatroniNode> AddNodeAsync()
    {
        PatroniNode node = NewNode();
        await node.StartAsync(data: null);
        await WaitForStandbysAsync();
        return node;
    }

    /// <summary>Ends a node for good.</summary>
    public async Task RemoveNodeAsync(PatroniNode node)
    {
        _nodes.Remove(node);
        await node.DisposeAsync();
    }

    /// <summary>Wipes the cluster and makes a new one on the same ports and with the same passwords: another system identifier, and timelines from the first.</summary>
    public async Task RebuildAsync()
    {
        await Task.WhenAll(_nodes.Select(static node => node.KillAsync()));
        _nodes.ForEach(static node => node.DeleteData());
        await _store.ClearAsync();
        await StartNewAsync();
    }

    /// <summary>Undoes what faults have done, and waits until there is one primary and all others stream from it. What was killed or is frozen still begins with a copy of the primary's data if there is one, else with its own.</summary>
    /// <returns>The primary.</returns>
    public async Task<PatroniNode> RestoreAsync()
    {
        if (Etcd.IsRunning)
        {
            Etcd.Thaw();
        }
        else
        {
            await Etcd.StartAgainAsync();
        }

        bool canCopy = await PrimaryAsync() is not null;
        await Task.WhenAll(_nodes.Select(async node =>
        {
            if (canCopy && (node.IsFrozen || !node.IsRunning))
            {
                // A copy of the primary is there sooner than what pg_rewind makes of the old data; and a primary that wakes up may take
                // the leader's key back (Patroni 3.0 puts it into etcd's new API without a look), and the new one must then return to the old timeline.
                await node.KillAsync();
                node.DeleteData();
            }

            if (node.IsFrozen)
            {
                node.Thaw();
            }

            if (!node.IsPatroniRunning)
            {
                await node.StartAgainAsync();
            }
        }));
        try
        {
            await WaitForHealthAsync(ReturnLimit);
        }
        catch (TimeoutException)
        {
            await BeginAnewAsync();
        }

        return await WaitForStandbysAsync();
    }

    /// <summary>Lets the nodes that do not stream copy the primary.</summary>
    private async Task BeginAnewAsync()
    {
        await WaitForPrimaryAsync();
        IReadOnlyList<(PatroniNode Node, NodeState? State)> states = await StatesAsync();
        if (PrimaryOf(states) is not ({ } primary, { } its))
        {
            return;
        }

        foreach ((PatroniNode node, NodeState? state) in states)
        {
            if (node != primary && (state is not { IsPrimary: false } standby || standby.Timeline != its.Timeline))
            {
                await node.KillAsync();
                node.DeleteData();
                await node.StartAgainAsync();
            }
        }
    }
}
