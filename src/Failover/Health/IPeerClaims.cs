using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace Failover;

/// <summary>What the peers of this node claim, heard over HTTP and authenticated. Registered by <c>AddFailover().AddPeers()</c> of Failover.HealthChecks. Safe for any thread.</summary>
[Experimental("FAILOVER001")]
public interface IPeerClaims
{
    /// <summary>Gets the name of this node, as its peers know it.</summary>
    string Node { get; }

    /// <summary>Returns what a peer said last; null if nothing was ever heard of one of this name. It asks nobody.</summary>
    /// <param name="node">The name of the peer, compared without regard to case.</param>
    /// <param name="claim">What it is to be about: its name in <see cref="INodeClaims"/>, with regard to case.</param>
    PeerClaim? Find(string node, string claim);

    /// <summary>Has all peers asked now. Returns at once; what comes of it is told by <see cref="GetChangeToken"/>. One that is being asked is asked once more after that; many calls meanwhile are one.</summary>
    void LookNow();

    /// <summary>Has all peers asked at least so often, whatever their settings say: the shortest interval that was ever asked for counts, and what a peer said counts for three of it.</summary>
    /// <param name="interval">How often; from 100 milliseconds on.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less.</exception>
    void AskEvery(TimeSpan interval);

    /// <summary>Returns a token that fires once, when a peer was asked next, whatever came of it. Callbacks run on the thread that heard it.</summary>
    IChangeToken GetChangeToken();
}
