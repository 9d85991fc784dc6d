using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Failover.Gates;

/// <summary>
/// Runs a hosted service while this process is the primary: a new one, in a new scope of the container, each time. It hands over only when that has stopped, and never runs two.
/// </summary>
internal sealed class PrimaryServiceRunner<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
    IPrimaryGate gate, IServiceScopeFactory scopes, TimeProvider time, ILogger logger) : BackgroundService
    where TService : class, IHostedService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>How long a service may take to stop when this process is the primary no longer before it is told of.</summary>
    private static readonly TimeSpan StopNotice = TimeSpan.FromSeconds(5);

    private static string Name => typeof(TService).Name;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                PrimaryScope primary = await gate.WaitForPrimaryAsync(stoppingToken).ConfigureAwait(false);
                bool failed = await RunAsync(primary, stoppingToken).ConfigureAwait(false);
                if (!failed)
                {
                    pause = FirstPause;
                    continue;
                }

                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Runs one, from its start to its end. Returns whether it failed.</summary>
    private async Task<bool> RunAsync(PrimaryScope primary, CancellationToken stopping)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<PrimaryServiceScope>().Scope = primary;
        TService? service = null;
        Task started = Task.CompletedTask;
        Exception? failure = null;
        try
        {
            service = ActivatorUtilities.CreateInstance<TService>(scope.ServiceProvider);
            Log.ServiceStarts(logger, Name, gate.Name, primary.Token);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, primary.Lost);
            CancellationToken token = over.Token;

            // It may block, or ignore what it is told.
            TService starting = service;
            started = Task.Run(() => starting.StartAsync(token), CancellationToken.None);
            await started.WaitAsync(token).ConfigureAwait(false);
            Trouble(null);
            await EndOfAsync(service, token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || (primary.IsPrimary && !stopping.IsCancellationRequested))
        {
            failure = exception;
        }
        catch (OperationCanceledException)
        {
            // It is to stop.
        }

        if (failure is not null)
        {
            Log.ServiceFailed(logger, Name, gate.Name, failure.GetType().Name, failure.StackTrace);
            Trouble($"{Name} failed ({failure.GetType().Name})");
        }

        string reason = failure is not null ? "it failed" : stopping.IsCancellationRequested ? "the app stops" : "this process is the primary no longer";
        if (service is not null)
        {
            // Until it has stopped the lease is not given back. If the app ends in the midst of its work, it runs out.
            await EndAsync(() => StopAsync(service, started, primary)).ConfigureAwait(false);
            await EndAsync(() => DisposeOfAsync(service).AsTask()).ConfigureAwait(false);
        }

        if (failure is null)
        {
            Trouble(null);
        }

        await EndAsync(() => scope.DisposeAsync().AsTask()).ConfigureAwait(false);
        Log.ServiceStopped(logger, Name, gate.Name, reason);
        await EndAsync(() => primary.DisposeAsync().AsTask()).ConfigureAwait(false);
        return failure is not null;
    }

    /// <summary>Shows in the state of the gate what keeps the work from being done; null when it is done.</summary>
    private void Trouble(string? what) => (gate as NamedGate)?.Trouble(this, what);

    /// <summary>Waits until the service is to stop. One that has ended by itself stays so, and this process stays the primary: else it would begin anew on the next host.</summary>
    private async Task EndOfAsync(TService service, CancellationToken over)
    {
        if (service is BackgroundService { ExecuteTask: { } work })
        {
            await work.WaitAsync(over).ConfigureAwait(false);
            Log.ServiceEnded(logger, Name, gate.Name);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, over).ConfigureAwait(false);
    }

    /// <summary>Stops the service, however long that takes.</summary>
    private async Task StopAsync(TService service, Task started, PrimaryScope primary)
    {
        Task stopped = Task.Run(
            async () =>
            {
                await started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await service.StopAsync(CancellationToken.None).ConfigureAwait(false);
            },
            CancellationToken.None);
        bool isTold = false;
        while (!stopped.IsCompleted && !isTold)
        {
            await stopped.WaitAsync(StopNotice, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // While this process is the primary, a service that takes its time to stop hurts nobody.
            if (!stopped.IsCompleted && !primary.IsPrimary)
            {
                isTold = true;
                Log.ServiceDoesNotStop(logger, Name, gate.Name);
                Trouble($"{Name} does not stop");
            }
        }

        await stopped.ConfigureAwait(false);
    }

    /// <summary>Takes one step of the end. The next one is taken whatever comes of it.</summary>
    private async Task EndAsync(Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.ServiceFailed(logger, Name, gate.Name, failure.GetType().Name, failure.StackTrace);
        }
    }

    private static ValueTask DisposeOfAsync(TService? service)
    {
        switch (service)
        {
            case IAsyncDisposable disposable:
                return disposable.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                return ValueTask.CompletedTask;
            default:
                return ValueTask.CompletedTask;
        }
    }
}
