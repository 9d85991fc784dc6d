using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks.Peers;

/// <summary>What the peers claim, read from the board.</summary>
internal sealed class PeerClaims(PeerBoard board, PeerPoller poller, HealthMonitor monitor, LastGoodSection<PeerOptions> options) : IPeerClaims
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    public string Node => options.Current.Node!;

    public PeerClaim? Find(string node, string claim)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(claim);

        // A node may answer at several addresses: what it said last counts.
        PeerSnapshot? last = null;
        foreach (PeerSnapshot peer in board.Peers)
        {
            last = string.Equals(peer.Node, node, StringComparison.OrdinalIgnoreCase) && (last is null || peer.Answers > last.Answers) ? peer : last;
        }

        return last?.Message is { } message
            ? new(message.Node, last.IsFresh(monitor.Elapsed), message.CanServe, message.Claims?.GetValueOrDefault(claim), last.Answers)
            : null;
    }

    public void LookNow() => poller.LookNow();

    public void AskEvery(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, Shortest);
        poller.AskEvery(interval);
    }

    public IChangeToken GetChangeToken() => board.GetChangeToken();
}
