using Microsoft.Extensions.Hosting;

namespace Failover.Registration;

/// <summary>Starts the groups before other hosted services start, and ends them after those have stopped: they may use the groups all their life.</summary>
internal sealed class GroupsHostedService(GroupRegistry registry) : IHostedLifecycleService
{
    private bool _hasLifecycle;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _hasLifecycle = true;
        registry.Start();
        return Task.CompletedTask;
    }

    // A host that is older knows only StartAsync and StopAsync.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_hasLifecycle)
        {
            registry.Start();
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _hasLifecycle ? Task.CompletedTask : EndAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken);

    private Task EndAsync(CancellationToken cancellationToken) => registry.DisposeAsync().AsTask().WaitAsync(cancellationToken);
}
