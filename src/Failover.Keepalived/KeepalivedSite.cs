using Failover.Keepalived.Sites;
using Microsoft.Extensions.Primitives;

namespace Failover.Keepalived;

/// <summary>
/// A virtual address that keepalived holds on this node or on its peer. Registered by <c>AddFailover().AddKeepalived(name, …)</c>; inject it with <c>[FromKeyedServices(name)]</c>. It starts with the host. Safe for any thread.
/// </summary>
/// <remarks>Move the address with <see cref="FailoverGroup.SwitchToAsync(string, CancellationToken)"/> of <see cref="Group"/>: to the peer on the node that has it, and back on the preferred node.</remarks>
public sealed class KeepalivedSite
{
    private readonly SiteRun _run;

    internal KeepalivedSite(FailoverGroup group, SiteRun run) => (Group, _run) = (group, run);

    /// <summary>Gets the name.</summary>
    public string Name => Group.Name;

    /// <summary>Gets the group of the two nodes: its active member is the node that holds the address, and each move is a switchover.</summary>
    public FailoverGroup Group { get; }

    /// <summary>Gets what this node knows now. Asks nobody.</summary>
    public VrrpSnapshot Snapshot => _run.Snapshot;

    /// <summary>Returns a token that fires once, when <see cref="Snapshot"/> next changes. Take the token first, then read. Callbacks must be short.</summary>
    public IChangeToken GetChangeToken() => _run.GetChangeToken();
}
