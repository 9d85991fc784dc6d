using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>Things that this node says of itself to its peers, beside its health: that it holds a virtual address. Register it as a singleton; it is asked whenever a peer asks. Safe for any thread.</summary>
[Experimental("FAILOVER001")]
public interface INodeClaims
{
    /// <summary>
    /// Returns what is claimed now, each with what it is about, the same on all nodes: <c>vrrp:site</c>. 1 to 128 characters for the name and 1 to 256 for the value, none of them a control character, and 32 claims of a node; never a secret. It returns at once. What cannot be told is left out.
    /// </summary>
    IEnumerable<KeyValuePair<string, string>> Read();
}
