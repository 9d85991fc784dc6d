using Failover;
using Failover.Keepalived;

namespace VirtualIp.Demo;

/// <summary>How an app stands, as it says itself.</summary>
/// <param name="Vrrp">How its node stands with the address.</param>
/// <param name="Credit">What it tells keepalived of itself.</param>
/// <param name="IsCounted">Whether keepalived has acknowledged that.</param>
/// <param name="Holder">Who holds the address, of what is settled.</param>
/// <param name="AreBothFit">Whether it takes both nodes for fit.</param>
internal sealed record Standing(string Vrrp, string Credit, bool IsCounted, string Holder, bool AreBothFit)
{
    private const string Begin = "stands|";

    /// <summary>As one line, from which <see cref="TryRead"/> makes it again.</summary>
    internal string Line => $"{Begin}{Vrrp}|{Credit}|{IsCounted}|{Holder}|{AreBothFit}";

    internal static Standing Of(KeepalivedSite site)
    {
        (VrrpSnapshot node, GroupSnapshot group) = (site.Snapshot, site.Group.Snapshot);
        return new(
            $"{node.Standing}",
            $"{node.Credit}",
            node.IsAcknowledged is true,
            group.Condition == GroupCondition.Settled ? $"{group.Active?.Name}" : "",
            group.Members.All(static member => member.Verdict == Verdict.Healthy));
    }

    internal static Standing? TryRead(string line) =>
        line.StartsWith(Begin, StringComparison.Ordinal) && line.Split('|') is [_, var vrrp, var credit, var isCounted, var holder, var areBothFit]
            ? new(vrrp, credit, bool.Parse(isCounted), holder, bool.Parse(areBothFit))
            : null;
}
