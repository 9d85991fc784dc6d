using System.Collections.Immutable;
using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Peers;

/// <summary>That a peer does not have a failure which this node has. Pure. When in doubt, it does.</summary>
/// <param name="Since">Since when the check fails here: another failure needs another proof.</param>
/// <param name="HeardAt">When it was first heard.</param>
internal readonly record struct PeerProof(TimeSpan Since, TimeSpan HeardAt)
{
    internal static readonly ImmutableDictionary<string, PeerProof> None = ImmutableDictionary.Create<string, PeerProof>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a new answer proves.</summary>
    /// <param name="before">What its last answer proved, if that was still fresh.</param>
    /// <param name="message">The answer.</param>
    /// <param name="own">How the checks stand here.</param>
    /// <param name="asked">When the request was sent. Ages count back from then: the peer took them later, so the runs may be younger than they seem, and never older.</param>
    /// <param name="heard">When the answer was there.</param>
    internal static ImmutableDictionary<string, PeerProof> Of(ImmutableDictionary<string, PeerProof> before, PeerMessage message, ImmutableArray<CheckSnapshot> own, TimeSpan asked, TimeSpan heard)
    {
        if (!message.CanServe)
        {
            return None;
        }

        ImmutableDictionary<string, PeerProof> proofs = None;
        foreach (CheckSnapshot check in own.Where(Fails))
        {
            TimeSpan since = check.Since!.Value.Elapsed;
            PeerCheck? there = Array.Find(message.Checks, one => string.Equals(one.Name, check.Name, StringComparison.OrdinalIgnoreCase));
            if (there is { Status: PeerCheck.Healthy, PassedMs: { } age } && asked - TimeSpan.FromMilliseconds(age) > since)
            {
                proofs = proofs.Add(check.Name, before.TryGetValue(check.Name, out PeerProof known) && known.Since == since ? known : new(since, heard));
            }
        }

        return proofs;
    }

    /// <summary>Whether this node should leave its work to a peer: one has not the failure, and none of its own instead.</summary>
    /// <param name="check">The check that fails here.</param>
    /// <param name="own">All checks here.</param>
    /// <param name="peers">What was heard of the peers.</param>
    /// <param name="now">The time.</param>
    internal static bool Holds(CheckSnapshot check, ImmutableArray<CheckSnapshot> own, ImmutableArray<PeerSnapshot> peers, TimeSpan now)
    {
        // A run that is stuck was begun before whatever a peer may prove.
        if (!Fails(check) || check.LastRun is not { Status: HealthStatus.Unhealthy, Started: { } began })
        {
            return false;
        }

        foreach (PeerSnapshot peer in peers)
        {
            // When something comes back, nodes do not notice at the same instant, and who is slow must not leave for that: it is given a period more, and fails again.
            if (peer.IsFresh(now)
                && peer.Proofs.TryGetValue(check.Name, out PeerProof proof)
                && proof.Since == check.Since!.Value.Elapsed
                && began.Elapsed >= proof.HeardAt + check.FailurePeriod
                && !FailsElsewhere(peer.Message!, own))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Fails(CheckSnapshot check) => check is { Criticality: Criticality.Critical, Scope: CheckScope.Shared, Status: HealthStatus.Unhealthy, IsStale: false };

    /// <summary>Whether the peer has a critical failure that this node has not. Else two nodes, each with a failure of its own, would both leave.</summary>
    private static bool FailsElsewhere(PeerMessage message, ImmutableArray<CheckSnapshot> own) => message.Checks.Any(there => !there.Works && own.Any(here =>
        string.Equals(here.Name, there.Name, StringComparison.OrdinalIgnoreCase) && here is { Criticality: Criticality.Critical, IsStale: false, Status: HealthStatus.Healthy or HealthStatus.Degraded }));
}
