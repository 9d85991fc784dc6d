using Failover.Keepalived.Publishing;
using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Tests.Publishing;

internal static class ConductFactsExtensions
{
    /// <summary>With a peer that is ready.</summary>
    internal static ConductFacts WithPeer(this ConductFacts facts, VrrpRole role) => facts with { PeerRole = role, PeerCredit = Credit.Ready, PeerCanServe = true };
}
