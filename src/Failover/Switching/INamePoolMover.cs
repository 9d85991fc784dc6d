using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>
/// Moves what callers hold open (pools, connections) when a name of DNS leads elsewhere. It stands beside <see cref="IPoolMover"/>, which is told of the members of a group: here there is no group, only a name that somebody else moves.
/// </summary>
[Experimental("FAILOVER001")]
public interface INamePoolMover
{
    /// <summary>Gets the names it holds connections to. Read often, and by any thread: it must be cheap, and may change. What is no name (an IP address) is ignored.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Called after a name leads elsewhere, for one name one call at a time. What it throws is logged and changes nothing.</summary>
    /// <param name="move">The name, and its addresses before and now.</param>
    /// <param name="cancellationToken">Cancelled when it takes too long: after 10 seconds.</param>
    ValueTask MoveAsync(NameMove move, CancellationToken cancellationToken);
}
