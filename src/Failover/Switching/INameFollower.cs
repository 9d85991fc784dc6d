using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Failover;

/// <summary>Watches where names of DNS lead, and tells those who hold connections to them. A singleton: <c>AddDnsFollower()</c> of Failover.DnsSwitching registers it. Safe for any thread.</summary>
[Experimental("FAILOVER001")]
public interface INameFollower
{
    /// <summary>Follows the names of a mover, until what this returns is disposed of.</summary>
    /// <param name="mover">What is told. One that is registered as a service is followed already.</param>
    IDisposable Follow(INamePoolMover mover);

    /// <summary>Returns where a name leads: the last good addresses, at once, if there are any, though DNS may be away; else what a first look finds.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the wait for a first look.</param>
    /// <returns>The addresses, those to be tried first before the others; none if none are known.</returns>
    ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Says that connecting to an address failed: the name is looked at at once, at most once a second, and another answer counts without being confirmed.</summary>
    /// <param name="name">The name that led there.</param>
    /// <param name="address">The address; null if that is not known.</param>
    void ConnectFailed(string name, IPAddress? address);
}
