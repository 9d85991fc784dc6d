using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Sites;

/// <summary>How each of the two nodes stands, from what is known here: of this one by its keepalived, of the peer by what it claims. A look asks nobody.</summary>
internal sealed class VrrpProbe(SiteRun site) : IMemberProbe
{
    /// <summary>So long the peer may take to answer a node that has just become master, before it counts as failed. A peer that left the address in peace answers within some milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    public async ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        if (member.Equals(site.Self))
        {
            return Own(site.View);
        }

        if (site.View is { Role: VrrpRole.Master, PeerRole: null, PeerCredit: not null })
        {
            // It was heard of late, but not since.
            await site.WaitAsync(static view => view is not { Role: VrrpRole.Master, PeerRole: null }, Patience, cancellationToken).ConfigureAwait(false);
        }

        return Other(site.View);
    }

    private static ProbeResult Own(VrrpView view) => (view.Standing, view.Role) switch
    {
        (VrrpStanding.StrandedAddress, _) => ProbeResult.Failure("the address is here, and keepalived does not hold it"),
        (_, VrrpRole.Master) => ProbeResult.Success(MemberRole.Primary, null),
        (_, VrrpRole.Backup) => ProbeResult.Success(MemberRole.Replica, null),
        (VrrpStanding.Unknown, _) => ProbeResult.Timeout("nothing was heard of keepalived yet"),
        (VrrpStanding.DaemonLost, _) => ProbeResult.Failure("keepalived has gone"),
        _ => ProbeResult.Failure("keepalived is in FAULT"),
    };

    private ProbeResult Other(VrrpView view) => view.PeerRole switch
    {
        VrrpRole.Master => ProbeResult.Success(MemberRole.Primary, null),
        VrrpRole.Backup => ProbeResult.Success(MemberRole.Replica, null),
        VrrpRole.Out => ProbeResult.Failure($"its keepalived takes no part, and its credit is {view.PeerCredit}"),
        _ => ProbeResult.Timeout($"{site.Options.Peer} is not heard"),
    };
}
