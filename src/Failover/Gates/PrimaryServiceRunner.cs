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

    /// <summary>How long a service may take to stop before it is told of.</summary>
    private static readonly TimeSpan StopNotice = TimeSpan.FromSeconds(5);

    /// <summary>Cancelled when the host waits no longer.</summary>
    private readonly CancellationTokenSource _hurry = new();

    private static string Name => typeof(TService).Name;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration hurry = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _hurry);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

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
        Exception? failure = null;
        try
        {
            service = ActivatorUtilities.CreateInstance<TService>(scope.ServiceProvider);
            Log.ServiceStarts(logger, Name, gate.Name, primary.Token);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, primary.Lost);
            await service.StartAsync(over.Token).ConfigureAwait(false);
            await EndOfAsync(service, over.Token).ConfigureAwait(false);
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
        }

        string reason = failure is not null ? "it failed" : stopping.IsCancellationRequested ? "the app stops" : "this process is the primary no longer";
        if (service is not null && !await StopAsync(service).ConfigureAwait(false))
        {
            // The app ends in the midst of its work: the lease is not given back, and runs out.
            return false;
        }

        try
        {
            await DisposeOfAsync(service).ConfigureAwait(false);
            await scope.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.ServiceFailed(logger, Name, gate.Name, exception.GetType().Name, exception.StackTrace);
        }

        await primary.DisposeAsync().ConfigureAwait(false);
        Log.ServiceStopped(logger, Name, gate.Name, reason);
        return failure is not null;
    }

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

    /// <summary>Stops the service. Returns whether it has stopped: false only if the host waits no longer.</summary>
    private async Task<bool> StopAsync(TService service)
    {
        // It may block, or ignore what it is told.
        Task stopped = Task.Run(() => service.StopAsync(CancellationToken.None), CancellationToken.None);
        try
        {
            try
            {
                await stopped.WaitAsync(StopNotice, time, _hurry.Token).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Log.ServiceDoesNotStop(logger, Name, gate.Name);
                await stopped.WaitAsync(_hurry.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (OperationCanceledException) when (_hurry.IsCancellationRequested)
        {
            return stopped.IsCompleted;
        }
        catch (Exception failure)
        {
            Log.ServiceFailed(logger, Name, gate.Name, failure.GetType().Name, failure.StackTrace);
            return true;
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
