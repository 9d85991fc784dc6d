using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Sites;

/// <summary>Moves the address by weight: the next holder has it before the former one leaves it. What the peer does not take stays here.</summary>
internal sealed class VrrpSwitcher(SiteRun site) : ISwitcher
{
    public ValueTask<SwitchReading> ReadAsync(CancellationToken cancellationToken) => new(Now());

    public SwitchPlan Plan(SwitchReading reading, FailoverMember target) => new(reading, target, target.Equals(site.Peer)
        ?
        [
            $"publish the credit Hold for {site.Options.Address}, below that of {target.Name}",
            $"wait until keepalived says that this node is backup (up to {site.Options.MoveTimeout.TotalSeconds:0.###} s); else publish Ready again",
        ]
        :
        [
            $"publish the credit Ready for {site.Options.Address}, above that of {site.Peer.Name}",
            $"wait until keepalived says that this node is master (up to {site.Options.MoveTimeout.TotalSeconds:0.###} s)",
        ]);

    public async ValueTask<SwitchReceipt> ApplyAsync(SwitchPlan plan, long? fencingToken, CancellationToken cancellationToken)
    {
        SwitchReading now = Now();
        if (!Equals(now.Active, plan.From.Active))
        {
            return new(plan, SwitchOutcome.Conflict, now, "the address has moved since the plan was made");
        }

        string? whyNot = await (plan.Target.Equals(site.Peer) ? site.LeaveAsync(takesBack: true, cancellationToken) : site.TakeBackAsync(cancellationToken)).ConfigureAwait(false);
        return new(plan, whyNot is null ? SwitchOutcome.Applied : SwitchOutcome.Failed, Now(), whyNot);
    }

    public async ValueTask RestoreAsync(SwitchReceipt receipt, CancellationToken cancellationToken)
    {
        if (receipt is { Outcome: SwitchOutcome.Applied, Plan.From.Active: { } before } && !before.Equals(Now().Active))
        {
            await (before.Equals(site.Peer) ? site.LeaveAsync(takesBack: true, cancellationToken) : site.TakeBackAsync(cancellationToken)).ConfigureAwait(false);
        }
    }

    private SwitchReading Now()
    {
        VrrpView view = site.View;
        return new(view.Role == VrrpRole.Master ? site.Self : view.PeerRole == VrrpRole.Master ? site.Peer : null, $"{view.Role}/{view.PeerRole}");
    }
}
