namespace Failover.TestServers.Virtual;

/// <content>What befalls both nodes.</content>
public sealed partial class VirtualSite
{
    private readonly Lock _gate = new();
    private readonly List<(VirtualNode Node, TimeSpan From, TimeSpan? To)> _deaths = [];

    /// <summary>Parts the nodes on the network of the virtual address: neither hears the other, and the client reaches both.</summary>
    /// <param name="withWire">Whether they do not reach each other on their second network either.</param>
    public async Task PartitionAsync(bool withWire)
    {
        if (withWire)
        {
            await CutWireAsync();
        }

        await A.IsolateAsync(isOn: true);
        await B.IsolateAsync(isOn: true);
    }

    /// <summary>Parts the nodes on their second network alone: neither hears what the other tells of itself.</summary>
    public Task CutWireAsync() => A.SetWireAsync(isOn: false);

    /// <summary>Joins the nodes again, on both networks.</summary>
    public async Task HealAsync()
    {
        await A.SetWireAsync(isOn: true);
        await A.IsolateAsync(isOn: false);
        await B.IsolateAsync(isOn: false);
    }

    /// <summary>Undoes all that was done to the site: its networks are whole, no app runs, and keepalived is started anew on both nodes.</summary>
    public async Task RestoreAsync()
    {
        foreach (VirtualNode node in Nodes)
        {
            await node.EndAppAsync();
            await node.Keepalived.KillAsync();
            await node.MendNetworkAsync();
            if (node.OwnsAddress)
            {
                await node.RemoveAddressAsync();
            }

            if (Directory.Exists(node.RunFolder))
            {
                node.RemoveRunFolder();
            }

            await node.RestoreRunFolderAsync();
        }

        await Task.WhenAll(Nodes.Select(static node => node.StartKeepalivedAsync()));
    }

    internal void Died(VirtualNode node)
    {
        lock (_gate)
        {
            _deaths.Add((node, Now, null));
        }
    }

    internal void Revived(VirtualNode node)
    {
        lock (_gate)
        {
            if (_deaths.FindIndex(death => death.Node == node && death.To is null) is var at and >= 0)
            {
                _deaths[at] = _deaths[at] with { To = Now };
            }
        }
    }

    /// <summary>When other than one node alone had the address: from the change before which one had it, to that after which one has it again.</summary>
    internal IReadOnlyList<(TimeSpan From, TimeSpan To)> MovesWithin(TimeSpan from, TimeSpan to)
    {
        List<(TimeSpan From, TimeSpan To)> moves = [];
        TimeSpan? begun = null;
        int holders = 0;
        foreach ((TimeSpan at, int change) in Nodes.SelectMany(node => HeldBy(node, TimeSpan.Zero, to)).SelectMany(static held => new[] { (held.From, 1), (held.To, -1) }).Where(one => one.Item1 < to).Order())
        {
            holders += change;
            if (holders != 1)
            {
                begun ??= at;
            }
            else if (begun is { } first)
            {
                moves.Add((first, at));
                begun = null;
            }
        }

        if (begun is { } last)
        {
            moves.Add((last, to));
        }

        return [.. moves.Where(move => move.To >= from)];
    }

    /// <summary>When a node had the address and lived.</summary>
    private List<(TimeSpan From, TimeSpan To)> HeldBy(VirtualNode node, TimeSpan from, TimeSpan to)
    {
        List<(TimeSpan From, TimeSpan To)> held = [.. node.Watch.HeldWithin(from, to)];
        lock (_gate)
        {
            foreach ((_, TimeSpan died, TimeSpan? revived) in _deaths.Where(death => death.Node == node))
            {
                held = [.. held.SelectMany(one => new[] { (one.From, Min(one.To, died)), (Max(one.From, revived ?? to), one.To) }).Where(static one => one.Item1 < one.Item2)];
            }
        }

        return held;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
