using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>One run of a check. It has a thread of its own until its first wait: a check that blocks takes none from requests.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to be disposed of, and the check may use its token as long as it likes.")]
internal sealed class CheckRun(HealthCheckRegistration registration, TimeSpan timeout, IServiceScopeFactory scopes, TimeProvider time, Moment started)
{
    internal const string Timeout = "timeout";
    internal const string Stuck = "stuck";

    private readonly CancellationTokenSource _end = new();
    private readonly long _born = time.GetTimestamp();
    private volatile Type? _kind;

    internal Moment Started => started;

    /// <summary>When its time is over, on the clock of <see cref="Started"/>.</summary>
    internal TimeSpan Limit => started.Elapsed + timeout;

    /// <summary>The type of the check; null as long as it was not made.</summary>
    internal Type? Kind => _kind;

    /// <summary>Begins the run. Both are called on any thread.</summary>
    /// <param name="heard">Called once, when the run has ended, or its time is over: then it goes on, and <paramref name="ended"/> follows when it has really ended, if ever.</param>
    /// <param name="ended">See <paramref name="heard"/>.</param>
    internal void Begin(Action<CheckRun, CheckOutcome, bool> heard, Action<CheckRun> ended) => _ = GoAsync(heard, ended);

    /// <summary>Tells the check to end. What it has registered for that is called on the thread pool, and what that throws is nobody's: it must neither hold the monitor up nor end the process.</summary>
    internal void Cancel() => _ = CancelAsync();

    private async Task GoAsync(Action<CheckRun, CheckOutcome, bool> heard, Action<CheckRun> ended)
    {
        Task<CheckOutcome> run = Start();

        // Its own timer: a token's callbacks are the check's, and might block.
        await ((Task)run).WaitAsync(timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (run.IsCompleted)
        {
            heard(this, await run.ConfigureAwait(false), false);
            return;
        }

        heard(this, Failed(Timeout, $"No answer within {timeout}."), true);
        Cancel();
        await run.ConfigureAwait(false);
        ended(this);
    }

    private Task<CheckOutcome> Start()
    {
        try
        {
            return Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        }
#pragma warning disable CA1031 // No memory for a thread: the check could not be asked.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Task.FromResult(Threw(exception));
        }
    }

    /// <summary>Never throws: what goes wrong is an outcome.</summary>
    private async Task<CheckOutcome> RunAsync()
    {
        try
        {
            AsyncServiceScope scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                IHealthCheck check = registration.Factory(scope.ServiceProvider);
                _kind = check.GetType();
                return OutcomeOf(await check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, _end.Token).ConfigureAwait(false));
            }
        }
#pragma warning disable CA1031 // Whatever a check throws: it is an outcome.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Threw(exception);
        }
    }

    private CheckOutcome OutcomeOf(HealthCheckResult result)
    {
        bool passes = result.Status == HealthStatus.Healthy;
        return new(passes || result.Status == HealthStatus.Degraded ? result.Status : HealthStatus.Unhealthy, time.GetElapsedTime(_born))
        {
            Started = started,
            Data = Copy(result.Data),
            Error = passes || result.Exception is null ? null : CheckError.Of(result.Exception),
            Words = passes ? null : Said(result.Description, result.Exception),
            Exception = passes ? null : result.Exception,
        };
    }

    private CheckOutcome Threw(Exception exception) => Failed(CheckError.Of(exception), CheckError.Messages(exception)) with { Exception = exception };

    private CheckOutcome Failed(string error, string words) => new(registration.FailureStatus, time.GetElapsedTime(_born)) { Started = started, Error = error, Words = words };

    private async Task CancelAsync() => await _end.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // The check may write to what it gave us. A result that was never set has none.
    private static ReadOnlyDictionary<string, object> Copy(IReadOnlyDictionary<string, object>? data) =>
        data is null or { Count: 0 } ? ReadOnlyDictionary<string, object>.Empty : new(new Dictionary<string, object>(data));

    private static string? Said(string? description, Exception? exception)
    {
        string messages = exception is null ? "" : CheckError.Messages(exception);
        return string.IsNullOrEmpty(description) || messages.Contains(description, StringComparison.Ordinal) ? messages
            : messages.Length == 0 ? description
            : $"{description.TrimEnd('.')}: {messages}";
    }
}
