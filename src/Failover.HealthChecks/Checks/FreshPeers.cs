using Microsoft.Extensions.DependencyInjection;

namespace Failover.HealthChecks.Checks;

/// <summary>The peers that were heard of late, for checks that compare this node to them.</summary>
internal sealed class FreshPeers(NodePeers peers, NodeHealth health)
{
    /// <exception cref="InvalidOperationException"><c>AddPeers()</c> was not called.</exception>
    internal static FreshPeers Of(IServiceProvider services) =>
        new(services.GetService<NodePeers>() ?? throw new InvalidOperationException("The check compares this node to its peers: call AddFailover(…).AddPeers()."), services.GetRequiredService<NodeHealth>());

    internal IEnumerable<PeerSnapshot> Now() => peers.Snapshot.Where(peer => peer.FreshUntil is { } until && health.Until(until) >= TimeSpan.Zero);
}
