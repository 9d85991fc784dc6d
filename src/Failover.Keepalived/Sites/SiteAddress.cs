using Failover.Keepalived.Gates;
using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Sites;

/// <summary>The address of a site, for a gate.</summary>
internal sealed class SiteAddress(SiteRun site) : IAddressSource
{
    public event Action<bool>? Changed
    {
        add => site.HeldChanged += value;
        remove => site.HeldChanged -= value;
    }

    public bool IsHeld => site.View.Role == VrrpRole.Master;

    public string? Holder => IsHeld ? site.Options.Node : site.View.PeerRole == VrrpRole.Master ? site.Options.Peer : null;

    public string? Problem
    {
        get
        {
            VrrpView view = site.View;
            return view.Standing == VrrpStanding.DualMaster ? $"{site.Options.Peer} holds the address too" : view.Problem;
        }
    }
}
