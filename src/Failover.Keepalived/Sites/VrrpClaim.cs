namespace Failover.Keepalived.Sites;

/// <summary>What a node says of its virtual address to its peer, as a claim (<see cref="INodeClaims"/>): <c>master ready</c>, <c>backup hold</c>, <c>out fault</c>.</summary>
/// <param name="Role">Its role, by its own keepalived.</param>
/// <param name="Credit">The credit that it has published.</param>
internal sealed record VrrpClaim(VrrpRole Role, Credit Credit)
{
    internal static string NameOf(string group) => $"vrrp:{group}";

    /// <summary>Reads a claim; null if it is none of this version.</summary>
    internal static VrrpClaim? Read(string? value) =>
        value?.Split(' ') is [var role, var credit] && Enum.TryParse(role, ignoreCase: true, out VrrpRole its) && Enum.IsDefined(its) && Enum.TryParse(credit, ignoreCase: true, out Credit told) && Enum.IsDefined(told)
            ? new(its, told)
            : null;

    public override string ToString() => $"{Role} {Credit}".ToLowerInvariant();
}
