using Failover.HealthChecks.Peers;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.HealthChecks.Checks;

/// <summary>The peers that were heard of late, for checks that compare this node to them.</summary>
internal sealed class FreshPeers(NodePeers peers, NodeHealth health)
{
    /// <exception cref="InvalidOperationException"><c>AddPeers()</c> was not called.</exception>
    internal static FreshPeers Of(IServiceProvider services) =>
        new(services.GetService<NodePeers>() ?? throw new InvalidOperationException("The check compares this node to its peers: call AddFailover(…).AddPeers()."), services.GetRequiredService<NodeHealth>());

    /// <summary>Whether a peer is there, and refuses this node.</summary>
    internal bool Refuse => peers.Snapshot.Any(static peer => peer.Outcome == PeerClient.Refused);

    internal IEnumerable<PeerSnapshot> Now() => peers.Snapshot.Where(peer => peer.FreshUntil is { } until && health.Until(until) >= TimeSpan.Zero);
}
