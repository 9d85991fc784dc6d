using System.Globalization;

namespace Failover.Keepalived.Sites;

/// <summary>What a node says of its virtual address to its peer, as a claim (<see cref="INodeClaims"/>): <c>master ready 50 10.77.0.100</c>.</summary>
/// <param name="Role">Its role, by its own keepalived.</param>
/// <param name="Credit">The credit that it has published.</param>
/// <param name="Priority">Its base priority; null if it does not tell.</param>
/// <param name="Address">The virtual address; null if it does not tell.</param>
internal sealed record VrrpClaim(VrrpRole Role, Credit Credit, int? Priority = null, string? Address = null)
{
    internal static string NameOf(string group) => $"vrrp:{group}";

    /// <summary>Reads a claim; null if it is none of this version.</summary>
    internal static VrrpClaim? Read(string? value) =>
        value?.Split(' ') is [var role, var credit, .. var more] && Enum.TryParse(role, ignoreCase: true, out VrrpRole its) && Enum.IsDefined(its) && Enum.TryParse(credit, ignoreCase: true, out Credit told) && Enum.IsDefined(told)
            && more is [] or [_, _]
            ? new(its, told, more is [var priority, ..] && int.TryParse(priority, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null, more is [_, var address] ? address : null)
            : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Role} {Credit}{(Priority is { } priority ? $" {priority}" : "")}{(Address is { } address ? $" {address}" : "")}").ToLowerInvariant();
}
