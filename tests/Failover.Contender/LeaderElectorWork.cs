using k8s;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using Microsoft.Extensions.Hosting;

namespace Failover.Contender;

/// <summary>The work behind KubernetesClient's own election, used as its example shows, with the shares of a lease that client-go has by default: 15 s of lease, 10 s to renew it, a try each 2 s.</summary>
internal sealed class LeaderElectorWork(Actor actor, ContenderOptions options) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using k8s.Kubernetes client = new(Clients.Cluster(options));
        LeaderElector elector = new(new LeaderElectionConfig(new LeaseLock(client, Clients.Namespace, options.Gate, options.Holder))
        {
            LeaseDuration = options.Duration,
            RenewDeadline = options.Duration * 10 / 15,
            RetryPeriod = options.Duration * 2 / 15,
        });
        CancellationTokenSource over = new();
        elector.OnStartedLeading += () =>
        {
            over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _ = ActAsync(elector, over.Token);
        };
        elector.OnStoppedLeading += () => over.Cancel();
        try
        {
            await elector.RunAndTryToHoldLeadershipForeverAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The app stops.
        }
    }

    private async Task ActAsync(LeaderElector elector, CancellationToken over)
    {
        try
        {
            await actor.ActAsync(elector.IsLeader, "", 0, over);
        }
        catch (OperationCanceledException)
        {
            // It leads no more.
        }
    }
}
