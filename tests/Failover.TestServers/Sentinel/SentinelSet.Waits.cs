namespace Failover.TestServers.Sentinel;

public sealed partial class SentinelSet
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Finds the master: the node that most of the sentinels name at one config epoch, and that says so itself.</summary>
    /// <returns>Null if there is none.</returns>
    public async Task<RedisNode?> MasterAsync() => MasterOf(await StateAsync());

    /// <summary>Waits until there is a master.</summary>
    /// <param name="otherThan">The node that it must not be.</param>
    /// <exception cref="TimeoutException">There was none for a minute; the message is what nodes and sentinels said.</exception>
    public Task<RedisNode> WaitForMasterAsync(RedisNode? otherThan = null) =>
        WaitAsync("a master" + (otherThan is null ? "" : $" other than {otherThan.Name}"), state => MasterOf(state) is { } found && found != otherThan ? found : null);

    /// <summary>Waits until there is one master, both replicas are in sync with it, and all sentinels agree that all are well.</summary>
    /// <returns>The master.</returns>
    /// <exception cref="TimeoutException">It was not so for a minute; the message is what nodes and sentinels said.</exception>
    public Task<RedisNode> WaitForHealthAsync() => WaitAsync("health", static state => IsHealthy(state) ? MasterOf(state) : null);

    private static RedisNode? MasterOf(SetState state)
    {
        int majority = (state.Sentinels.Count / 2) + 1;
        int? port = state.Sentinels.Select(static one => one.View).OfType<SentinelView>().GroupBy(static view => (view.MasterPort, view.Epoch)).FirstOrDefault(group => group.Count() >= majority)?.Key.MasterPort;
        return state.Nodes.FirstOrDefault(one => one.Node.Port == port && one.State is { IsMaster: true }).Node;
    }

    private static bool IsHealthy(SetState state)
    {
        if (MasterOf(state) is not { } master)
        {
            return false;
        }

        int replicas = state.Nodes.Count - 1;
        bool areInSync = state.Nodes.All(one => one.State is { } its && (one.Node == master ? its.Replicas == replicas : !its.IsMaster && its.MasterPort == master.Port && its.IsLinkUp));
        return areInSync
            && state.Sentinels.Select(static one => one.View is { } view ? (view.MasterPort, view.Epoch) : default).Distinct().Count() == 1
            && state.Sentinels.All(one => one.View is { Flags: "master" } view && view.OtherSentinels == state.Sentinels.Count - 1 && view.Replicas.Count == replicas && view.Replicas.All(static replica => replica.Flags == "slave"));
    }

    private async Task<SetState> StateAsync()
    {
        Task<(SentinelNode, SentinelView?)[]> views = Task.WhenAll(Sentinels.Select(static async sentinel => (sentinel, await sentinel.ViewAsync())));
        return new(await Task.WhenAll(Nodes.Select(static async node => (node, await node.StateAsync()))), await views);
    }

    private Task<RedisNode> WaitAsync(string what, Func<SetState, RedisNode?> look)
    {
        SetState? last = null;
        return Waiting.ForAsync(async () => look(last = await StateAsync()), Look, Limit, () => $"{what}. {last}");
    }

    private sealed record SetState(IReadOnlyList<(RedisNode Node, RedisNodeState? State)> Nodes, IReadOnlyList<(SentinelNode Sentinel, SentinelView? View)> Sentinels)
    {
        public override string ToString() => string.Join(Environment.NewLine, [
            .. Nodes.Select(static one => $"{one.Node.Name} ({one.Node.Port}): {one.State?.ToString() ?? "no answer"}"),
            .. Sentinels.Select(static one => $"{one.Sentinel.Name}: {one.View?.ToString() ?? "no answer"}")]);
    }
}
