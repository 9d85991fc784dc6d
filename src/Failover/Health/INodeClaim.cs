using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>Something that this node says of itself to its peers, beside its health: that it holds a virtual address. Register it as a singleton; each is asked whenever a peer asks. Safe for any thread.</summary>
[Experimental("FAILOVER001")]
public interface INodeClaim
{
    /// <summary>Gets what it is about, the same on all nodes: <c>vrrp:site</c>. Up to 128 characters.</summary>
    string Name { get; }

    /// <summary>Gets what is claimed now. Never a secret. Up to 256 characters; it returns at once.</summary>
    string Value { get; }
}
