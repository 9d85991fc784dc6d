using System.Collections.Immutable;
using Failover.Http.Addresses;

namespace Failover.Http.Routing;

/// <summary>
/// The base addresses with which clients of one name were made, and what was said of their requests: a client keeps the address it was made with, though the members may change; its handlers come and go. Bounded. Thread-safe.
/// </summary>
internal sealed class ClientAddresses
{
    /// <summary>Far more than a client's configuration gives it one after the other; the oldest goes first.</summary>
    private const int Most = 16;

    private readonly ToldOnce _told = new(Most);

    private ImmutableArray<HttpAddress> _addresses = [];

    internal ImmutableArray<HttpAddress> Current => _addresses;

    /// <summary>Whether a request to this authority is to be told: the first one is.</summary>
    internal bool IsFirst(string authority) => _told.IsFirst(authority);

    internal void Add(Uri? address)
    {
        if (address is not { IsAbsoluteUri: true } || _addresses.Any(known => known.Uri.Equals(address)))
        {
            return;
        }

        ImmutableInterlocked.Update(
            ref _addresses,
            static (addresses, added) => addresses.Any(known => known.Uri.Equals(added.Uri)) ? addresses
                : addresses.Length < Most ? addresses.Add(added)
                : addresses.RemoveAt(0).Add(added),
            new HttpAddress(address));
    }
}
