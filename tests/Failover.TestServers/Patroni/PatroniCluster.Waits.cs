using Failover.TestServers.Servers;

namespace Failover.TestServers.Patroni;

public sealed partial class PatroniCluster
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Asks the nodes themselves which is the primary: of those that say so, the one with the highest timeline.</summary>
    /// <returns>Null if none says so.</returns>
    public async Task<PatroniNode?> PrimaryAsync() => PrimaryOf(await StatesAsync())?.Node;

    /// <summary>Waits until a node is the primary.</summary>
    /// <param name="otherThan">The node that it must not be.</param>
    /// <exception cref="TimeoutException">There was none for a minute; the message is what the nodes said.</exception>
    public async Task<PatroniNode> WaitForPrimaryAsync(PatroniNode? otherThan = null)
    {
        PatroniNode? found = null;
        await WaitAsync("a primary" + (otherThan is null ? "" : $" other than {otherThan.Name}"), states => Task.FromResult((found = PrimaryOf(states)?.Node) is not null && found != otherThan), Limit);
        return found!;
    }

    /// <summary>Waits until there is one primary, all other nodes stream from it at its timeline, and Patroni knows it on each.</summary>
    /// <returns>The primary.</returns>
    /// <exception cref="TimeoutException">There was none for a minute; the message is what the nodes said.</exception>
    public async Task<PatroniNode> WaitForStandbysAsync()
    {
        await WaitForHealthAsync(Limit);
        return await WaitForPrimaryAsync();
    }

    private Task WaitForHealthAsync(TimeSpan limit) => WaitAsync("health", IsHealthyAsync, limit);

    private async Task<bool> IsHealthyAsync(IReadOnlyList<(PatroniNode Node, NodeState? State)> states)
    {
        if (PrimaryOf(states) is not ({ } primary, { } its) || its.Standbys < states.Count - 1 || (Options.SynchronousMode && its.SynchronousStandbys == 0))
        {
            return false;
        }

        bool allStream = states.All(one => one.Node == primary || one.State is { IsPrimary: false } standby && standby.Timeline == its.Timeline);
        return allStream && (await Task.WhenAll(states.Select(one => SaysAsync(one.Node, one.Node == primary ? "primary" : "replica")))).All(static says => says);
    }

    private async Task<bool> SaysAsync(PatroniNode node, string role)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(node.RestAddress, role));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<(PatroniNode Node, NodeState? State)>> StatesAsync() =>
        await Task.WhenAll(_nodes.Select(static async node => (node, await node.StateAsync())));

    private static (PatroniNode Node, NodeState State)? PrimaryOf(IReadOnlyList<(PatroniNode Node, NodeState? State)> states) =>
        states.Where(static one => one.State is { IsPrimary: true }).OrderByDescending(static one => one.State!.Timeline).Select(static one => ((PatroniNode, NodeState)?)(one.Node, one.State!)).FirstOrDefault();

    private async Task WaitAsync(string what, Func<IReadOnlyList<(PatroniNode Node, NodeState? State)>, Task<bool>> isSo, TimeSpan limit)
    {
        using CancellationTokenSource end = new(limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(50));
        IReadOnlyList<(PatroniNode Node, NodeState? State)> states = [];
        try
        {
            while (!await isSo(states = await StatesAsync()))
            {
                await look.WaitForNextTickAsync(end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Waited {limit.TotalSeconds} s for {what}. " + string.Join(Environment.NewLine, states.Select(static one => $"{one.Node.Name}: {one.State?.ToString() ?? "no answer"}; {Tail(one.Node.LastLog)}")));
        }
    }

    private static string Tail(string log) => log.Length > 2000 ? log[^2000..] : log;
}
