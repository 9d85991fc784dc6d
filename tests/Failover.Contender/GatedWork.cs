using Microsoft.Extensions.Hosting;

namespace Failover.Contender;

/// <summary>The work as an app of ours has it: run behind a gate.</summary>
internal sealed class GatedWork(Actor actor, PrimaryScope scope) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => actor.ActAsync(() => scope.IsPrimary, scope.Lineage ?? "", scope.Token ?? 0, stoppingToken);
}
