using Failover.TestServers.Virtual;

namespace VirtualIp.Demo;

/// <summary>Prints a line each second: who has the address, who has answered, and how both apps stand.</summary>
internal sealed class EachSecond : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Screen _screen;
    private readonly AddressClient _client;
    private readonly Node[] _nodes;
    private readonly Task _printing;

    internal EachSecond(Screen screen, AddressClient client, params Node[] nodes)
    {
        (_screen, _client, _nodes) = (screen, client, nodes);
        _printing = PrintAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _printing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task PrintAsync()
    {
        using PeriodicTimer next = new(TimeSpan.FromSeconds(1));
        TimeSpan from = VirtualSite.Now;
        while (await next.WaitForNextTickAsync(_end.Token))
        {
            TimeSpan to = VirtualSite.Now;
            AddressCall[] ended = [.. _client.Calls.Where(call => call.Ended > from && call.Ended <= to)];
            string answers = string.Join("  ", _nodes.Select(node => $"{node.Name} {ended.Count(call => call.Node == node.Name),3}"));
            string standings = string.Join("  ", _nodes.Select(static node => $"{node.Name}: {node.Words,-15}"));
            _screen.Tell($"{Node.HolderAmong(_nodes),-6} has it | answered: {answers}  nobody {ended.Count(static call => call.Node is null),3} | {standings.TrimEnd()}");
            from = to;
        }
    }
}
