using Failover.HealthChecks;
using Failover.Logging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.AspNetCore.Draining;

/// <summary>Drains the node when it shuts down, and holds the host back from closing its listener. Hosted services go on meanwhile.</summary>
internal sealed class DrainHostedService(
    NodeShutdown shutdown,
    DrainFile file,
    LastGoodSection<DrainingOptions> options,
    IOptions<HostOptions> host,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<DrainHostedService> logger) : IHostedLifecycleService, IDisposable
{
    /// <summary>What an app's logger throws is not to end the shutdown.</summary>
    private readonly SafeLogger _logger = new(logger);
    private CancellationTokenRegistration _signal;
    private bool _serves;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // A signal comes here first, well before the host gets round to stopping.
        _signal = lifetime.ApplicationStopping.Register(shutdown.Begin);
        file.Begin();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _serves = true;
        (TimeSpan wanted, TimeSpan hold) = Hold();
        if (hold < wanted)
        {
            Log.HoldCut(_logger, hold, wanted, host.Value.ShutdownTimeout);
        }

        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        (_, TimeSpan hold) = Hold();
        hold = _serves ? hold : TimeSpan.Zero;
        shutdown.Hold(hold);
        shutdown.Begin();
        if (hold > TimeSpan.Zero)
        {
            Log.ShutdownHeld(_logger, hold);
            await Task.Delay(hold, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signal.Dispose();

    private (TimeSpan Wanted, TimeSpan Hold) Hold()
    {
        TimeSpan wanted = ShutdownHold.Wanted(options.Current, environment.IsDevelopment());
        return (wanted, ShutdownHold.Possible(wanted, host.Value.ShutdownTimeout));
    }
}
