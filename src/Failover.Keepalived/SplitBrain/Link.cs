using System.Net;
using System.Net.NetworkInformation;

namespace Failover.Keepalived.SplitBrain;

/// <summary>A network interface of this node, as it is now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mac">Its link-layer address; empty if it has none.</param>
/// <param name="Addresses">Its addresses, each with the length of its prefix.</param>
internal sealed record Link(string Name, PhysicalAddress Mac, IReadOnlyList<(IPAddress Address, int Prefix)> Addresses)
{
    internal bool IsEthernet => Mac.GetAddressBytes().Length == Ethernet.MacLength && !Mac.Equals(NoMac);

    private static PhysicalAddress NoMac { get; } = new(new byte[Ethernet.MacLength]);

    internal static List<Link> All() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().Select(static link => new Link(
            link.Name,
            link.GetPhysicalAddress(),
            [.. link.GetIPProperties().UnicastAddresses.Select(static its => (WithoutScope(its.Address), its.PrefixLength))]))];

    /// <summary>The one of this name; without a name the one that has the address, else one with the narrowest subnet that it is in. Null if there is none.</summary>
    internal static Link? Choose(IEnumerable<Link> links, string? name, IPAddress address) =>
        name is not null
            ? links.FirstOrDefault(link => link.Name == name)
            : links.Where(static link => link.IsEthernet).Select(link => (Link: link, Nearness: link.NearnessOf(address))).Where(static its => its.Nearness > 0).OrderByDescending(static its => its.Nearness).FirstOrDefault().Link;

    /// <summary>The length of the longest prefix that the address shares with the interface's own; more than any if it is its own.</summary>
    private int NearnessOf(IPAddress address) =>
        Addresses.Select(its => its.Address.Equals(address) ? int.MaxValue : IsWithin(address, its.Address, its.Prefix) ? its.Prefix : 0).DefaultIfEmpty().Max();

    private static bool IsWithin(IPAddress address, IPAddress other, int prefix)
    {
        ReadOnlySpan<byte> left = address.GetAddressBytes();
        ReadOnlySpan<byte> right = other.GetAddressBytes();
        if (left.Length != right.Length || prefix > left.Length * 8)
        {
            return false;
        }

        int whole = prefix / 8;
        int rest = 8 - (prefix % 8);
        return left[..whole].SequenceEqual(right[..whole]) && (rest == 8 || left[whole] >> rest == right[whole] >> rest);
    }

    private static IPAddress WithoutScope(IPAddress address) => new(address.GetAddressBytes());
}
