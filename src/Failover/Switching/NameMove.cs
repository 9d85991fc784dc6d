using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Failover;

/// <summary>A name of DNS leads elsewhere.</summary>
/// <param name="Name">The name, in lower case and without its last dot.</param>
/// <param name="Before">The addresses it led to.</param>
/// <param name="After">The addresses it leads to now: at least one, and another set than before.</param>
[Experimental("FAILOVER001")]
public sealed record NameMove(string Name, ImmutableArray<IPAddress> Before, ImmutableArray<IPAddress> After)
{
    /// <summary>
    /// Gets whether it was told before: the name servers knew first, and now the resolver of the system, with its caches, has come to know it too. Who connects by that resolver has to move again, since a connection made in between may lead to the old address.
    /// </summary>
    public bool IsRepeated { get; init; }

    /// <summary>Returns name and addresses.</summary>
    public override string ToString() => $"{Name}: {string.Join(", ", Before)} -> {string.Join(", ", After)}";
}
