using System.Collections.Immutable;
using Failover.Http.Addresses;

namespace Failover.Http.Routing;

/// <summary>
/// The base addresses with which clients of one name were made: a client keeps the one it was made with, though the members may change. Bounded. Thread-safe.
/// </summary>
internal sealed class ClientAddresses
{
    /// <summary>Far more than a client's configuration gives it one after the other; the oldest goes first.</summary>
    private const int Most = 16;

    private ImmutableArray<HttpAddress> _addresses = [];

    internal ImmutableArray<HttpAddress> Current => _addresses;

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
