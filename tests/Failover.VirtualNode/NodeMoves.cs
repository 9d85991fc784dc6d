using Failover.Keepalived;

namespace Failover.VirtualNode;

/// <summary>The switchovers that this node has seen, each as it was told last.</summary>
internal sealed class NodeMoves([FromKeyedServices(NodeApp.Site)] KeepalivedSite site) : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly List<Switchover> _seen = [];

    internal IReadOnlyList<Switchover> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (Switchover told in site.Group.ReadSwitchoversAsync(stoppingToken))
        {
            lock (_gate)
            {
                _seen.RemoveAll(one => one.Id == told.Id);
                _seen.Add(told);
            }
        }
    }
}
