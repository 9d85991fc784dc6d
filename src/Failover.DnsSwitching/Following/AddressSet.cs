using System.Collections.Immutable;
using System.Net;

namespace Failover.DnsSwitching.Following;

/// <summary>The addresses of a name. Two with the same addresses are equal, in whatever order; the order is that of the answer, since the first is tried first. For any thread.</summary>
internal sealed class AddressSet : IEquatable<AddressSet>
{
    private AddressSet(ImmutableArray<IPAddress> addresses) => Addresses = addresses;

    /// <summary>Gets the addresses, each once; none is no answer.</summary>
    internal ImmutableArray<IPAddress> Addresses { get; }

    internal static AddressSet None { get; } = new([]);

    internal static AddressSet Of(params IEnumerable<IPAddress> addresses) => new([.. addresses.Distinct()]);

    internal bool Contains(IPAddress address) => Addresses.Contains(address);

    public bool Equals(AddressSet? other) => other is not null && Addresses.Length == other.Addresses.Length && Addresses.All(other.Contains);

    public override bool Equals(object? obj) => Equals(obj as AddressSet);

    public override int GetHashCode() => Addresses.Aggregate(Addresses.Length, static (hash, address) => hash ^ address.GetHashCode());

    public override string ToString() => Addresses.IsEmpty ? "nothing" : string.Join(", ", Addresses);
}
