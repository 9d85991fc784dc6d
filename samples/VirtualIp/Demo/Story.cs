using Failover.TestServers.Virtual;

namespace VirtualIp.Demo;

/// <summary>Fails and moves the node that has the address, while a client goes on.</summary>
internal sealed class Story(Screen screen, VirtualSite site, Node a, Node b)
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1.5);

    private readonly List<Act> _acts = [];

    /// <returns>Whether every promise held.</returns>
    internal async Task<bool> PlayAsync()
    {
        await Task.WhenAll(a.PrepareAsync(), b.PrepareAsync());
        Console.WriteLine($"""
            The app starts on both, as user {VirtualNode.User}. The client opens a new connection to {VirtualSite.Address} each 10 ms.
            Shortened for this demo: a check runs each 0.1 s (default: 10 s, 2 s while it fails).

            """);
        a.Start();
        await SettledAsync(a, areBothFit: false);
        b.Start();
        await SettledAsync(a, areBothFit: true);
        await using AddressClient client = await AddressClient.StartAsync(site);
        await using (new EachSecond(screen, client, a, b))
        {
            try
            {
                await PlayAsync(client);
            }
            catch (TimeoutException late)
            {
                screen.Tell($">> {late.Message}");
            }
        }

        return await new Summary(client, _acts, a, b).PrintAsync(VirtualSite.Now);
    }

    private async Task PlayAsync(AddressClient client)
    {
        await ActAsync(client, "nothing happens", a, areBothFit: true, static () => Task.CompletedTask);
        await ActAsync(client, "node-a becomes unhealthy", b, areBothFit: false, () => Do(a.BreakSpool), "Failover: node-a -> node-b");
        await ActAsync(client, "node-a is healthy again", b, areBothFit: true, () => Do(a.MendSpool));
        await ActAsync(client, "the app of node-b is killed", a, areBothFit: false, b.KillAsync, "Failover: node-b -> node-a");
        await ActAsync(client, "it is started again", a, areBothFit: true, () => Do(b.Start));
        await ActAsync(client, "planned move", b, areBothFit: true, () => a.MoveToAsync(b), "Manual: node-a -> node-b");
        await ActAsync(client, "switchback", a, areBothFit: true, () => a.MoveToAsync(a), "Manual: node-b -> node-a");
    }

    private async Task ActAsync(AddressClient client, string name, Node holder, bool areBothFit, Func<Task> act, string? move = null)
    {
        screen.Tell($"-- {name}");
        TimeSpan began = VirtualSite.Now;
        await act();
        if (move is not null)
        {
            AddressCall first = await client.AnswerAsync(holder.On, began);
            screen.Tell($">> {holder.Name} answers after {(first.Ended - began).TotalMilliseconds:N0} ms");
            await a.WaitAsync(node => node.Switchovers.Any(told => told.Move == move), $"to tell '{move}'");
        }

        await SettledAsync(holder, areBothFit);
        await client.NextAsync(static _ => true, VirtualSite.Now + Calm);
        _acts.Add(new(name, began, move, Node.HolderAmong(a, b)));
    }

    /// <summary>Waits until a node alone has the address, and the apps that run say so; and, if both are to be fit, that the other one would take over.</summary>
    private async Task SettledAsync(Node holder, bool areBothFit)
    {
        await site.HeldByAsync(holder.On);
        await holder.WaitAsync(node => node.Standing is { Vrrp: "Master", Credit: "Ready", IsCounted: true } standing && standing.Holder == holder.Name && (standing.AreBothFit || !areBothFit), "to have the address");
        Node other = holder == a ? b : a;
        if (other.IsRunning)
        {
            await other.WaitAsync(node => node.Standing is { IsCounted: true } standing && standing.Holder == holder.Name && (standing is { Vrrp: "Backup", AreBothFit: true } || !areBothFit), "to stand by");
        }
    }

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
