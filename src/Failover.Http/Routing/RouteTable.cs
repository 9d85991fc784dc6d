using System.Collections.Immutable;
using Failover.Http.Addresses;

namespace Failover.Http.Routing;

/// <summary>What one snapshot of a group means for HTTP requests, worked out once. Immutable: a handler keeps it until the group shows another snapshot.</summary>
internal sealed class RouteTable
{
    private readonly AddressMap? _map;

    /// <summary>Whether a URI under the first hop's prefix names that member for certain.</summary>
    private readonly bool _firstIsUnambiguous;

    internal RouteTable(GroupSnapshot snapshot, ImmutableArray<HttpAddress> baseAddresses)
    {
        Snapshot = snapshot;
        BaseAddresses = baseAddresses;
        Stranger = snapshot.Members.FirstOrDefault(member => !HttpAddress.IsHttp(member.Member.Address))?.Member;
        if (Stranger is not null || snapshot.Route.IsEmpty)
        {
            return;
        }

        Dictionary<FailoverMember, HttpAddress> addresses = snapshot.Members.ToDictionary(member => member.Member, member => new HttpAddress(member.Member.Address));
        Hops = [.. snapshot.Route.Select(member => new Hop(member.Member, member.Meter, addresses[member.Member], member.GivenUp))];
        _map = new AddressMap(addresses.Values, baseAddresses);
        _firstIsUnambiguous = _map.IsUnambiguous(Hops[0].Address);
    }

    internal GroupSnapshot Snapshot { get; }

    internal ImmutableArray<HttpAddress> BaseAddresses { get; }

    /// <summary>In the order in which they should be tried; empty if the group has no members yet or is not an HTTP group.</summary>
    internal ImmutableArray<Hop> Hops { get; } = [];

    /// <summary>A member that is neither http nor https; null if there is none.</summary>
    internal FailoverMember? Stranger { get; }

    /// <summary>Returns what the request is called at the first hop: the same instance if it names it already, which costs no allocation; null if it does not belong to the group.</summary>
    internal Uri? MapToFirst(Uri requested) =>
        _map is null ? null
        : _firstIsUnambiguous && requested.IsAbsoluteUri && Hops[0].Address.IsPrefixOf(requested.OriginalString) ? requested
        : _map.Map(requested, Hops[0].Address);

    /// <summary>Returns what the request is called at a hop.</summary>
    /// <param name="requested">A URI for which <see cref="MapToFirst"/> did not return null.</param>
    /// <param name="hop">One of <see cref="Hops"/>.</param>
    internal Uri Map(Uri requested, Hop hop) => _map?.Map(requested, hop.Address) ?? requested;

    /// <summary>Returns the address that a request was probably meant for though it does not belong to the group; null if none looks like it.</summary>
    internal HttpAddress? NearMiss(Uri requested) => _map?.NearMiss(requested);

    /// <summary>
    /// Whether the request is addressed by https, and would go to the hop in clear though the group does not allow it. The last guard: no list of members mixes the two, but a client's address and the members may.
    /// </summary>
    internal bool WouldExpose(Uri requested, Hop hop) => !hop.Address.IsSecure && requested.Scheme == Uri.UriSchemeHttps && !Snapshot.AllowsInsecureMember;
}
