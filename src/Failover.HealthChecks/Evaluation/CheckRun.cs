using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>One run of a check. It has a thread of its own until its first wait: a check that blocks takes none from requests.</summary>
internal sealed class CheckRun(HealthCheckRegistration registration, IServiceScopeFactory scopes, TimeProvider time, Moment started)
{
    internal const string Timeout = "timeout";
    internal const string Stuck = "stuck";

    private volatile Type? _kind;

    internal Moment Started => started;

    /// <summary>The type of the check; null as long as it was not made.</summary>
    internal Type? Kind => _kind;

    /// <summary>Begins the run. <paramref name="heard"/> is called once, when it has ended or its time is over; <paramref name="ended"/> after that, when it has really ended.</summary>
    internal void Begin(TimeSpan timeout, Action<CheckRun, CheckOutcome> heard, Action<CheckRun> ended, CancellationToken stopping) =>
        _ = GoAsync(timeout, heard, ended, stopping);

    private async Task GoAsync(TimeSpan timeout, Action<CheckRun, CheckOutcome> heard, Action<CheckRun> ended, CancellationToken stopping)
    {
        long begun = time.GetTimestamp();
        using CancellationTokenSource limit = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        Task<CheckOutcome> run = Task.Factory.StartNew(() => RunAsync(begun, either.Token), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        CheckOutcome outcome;
        try
        {
            outcome = await run.WaitAsync(timeout, time, stopping).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            outcome = new(registration.FailureStatus, time.GetElapsedTime(begun)) { Error = Timeout, Started = started };
        }
        catch (OperationCanceledException)
        {
            return;
        }

        heard(this, outcome);
        await run.ConfigureAwait(false);
        ended(this);
    }

    /// <summary>Never throws: what goes wrong is an outcome.</summary>
    private async Task<CheckOutcome> RunAsync(long begun, CancellationToken cancellationToken)
    {
        try
        {
            AsyncServiceScope scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                IHealthCheck check = registration.Factory(scope.ServiceProvider);
                _kind = check.GetType();
                HealthCheckResult result = await check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, cancellationToken).ConfigureAwait(false);
                return new(result.Status, time.GetElapsedTime(begun))
                {
                    Started = started,
                    Data = result.Data,
                    Error = result.Status == HealthStatus.Healthy ? null : result.Exception?.GetType().Name,
                    Words = result.Status == HealthStatus.Healthy ? null : Said(result.Description, result.Exception),
                };
            }
        }
#pragma warning disable CA1031 // Whatever a check throws: it is an outcome.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            bool isTimeout = exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
            return new(registration.FailureStatus, time.GetElapsedTime(begun))
            {
                Started = started,
                Error = isTimeout ? Timeout : exception.GetType().Name,
                Words = isTimeout ? null : Said(null, exception),
            };
        }
    }

    private static string? Said(string? description, Exception? exception) =>
        exception is null ? description
        : string.IsNullOrEmpty(description) || description == exception.Message ? exception.Message
        : $"{description}: {exception.Message}";
}
