using Failover.HealthChecks.Redaction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Failover.HealthChecks.Evaluation;

/// <summary>Tells what has changed: to the log once for each change, whatever the number of runs. Returns at once; nothing of anybody else's runs on the thread of the caller.</summary>
internal sealed class HealthTeller(ILogger logger, HealthTelemetry telemetry)
{
    private readonly Outbox _outbox = new();

    internal void Started(IReadOnlyCollection<CheckSlot> slots)
    {
        string checks = slots.Count == 0 ? "none is registered" : string.Join(", ", slots.Select(slot => $"{slot.Name} ({slot.Settings.Criticality}, {slot.Settings.Scope})"));
        _outbox.Add(() => Log.Started(logger, slots.Count, checks));
    }

    /// <summary>Tells of an outcome, by what the check counted as before and counts as now.</summary>
    internal void Heard(CheckSlot slot, CheckState before, CheckOutcome outcome)
    {
        (string name, CheckState after, bool counts) = (slot.Name, slot.State, slot.Settings.Criticality != Criticality.Info);
        _outbox.Add(() =>
        {
            telemetry.Ran(name, outcome);
            if (after.Status != before.Status)
            {
                Changed(name, counts, after.Status!.Value, outcome);
            }
            else if (outcome.Status != after.Status && before.Last?.Status == after.Status && logger.IsEnabled(LogLevel.Debug))
            {
                Log.Wavers(logger, name, outcome.Status, after.Status!.Value, outcome.Error ?? Log.OwnWord, Redacted.Of(outcome.Words));
            }
        });
    }

    internal void Stuck(CheckSlot slot)
    {
        (string name, TimeSpan timeout) = (slot.Name, slot.Settings.Timeout);
        _outbox.Add(() => Log.Stuck(logger, name, timeout));
    }

    internal void NoLongerStuck(CheckSlot slot)
    {
        string name = slot.Name;
        _outbox.Add(() => Log.NoLongerStuck(logger, name));
    }

    internal void Paused(TimeSpan time) => _outbox.Add(() => Log.Paused(logger, time));

    internal void Drains(IReadOnlyCollection<string> reasons)
    {
        string draining = reasons.Count == 0 ? "no" : $"yes ({Redacted.Of(string.Join(", ", reasons))})";
        _outbox.Add(() => Log.Drains(logger, draining));
    }

    /// <summary>Tells those who wait for a change of the verdicts, each time on a thread of its own: one who blocks holds up no other. The log hears only of those that are yes or no.</summary>
    internal void Changed(HealthVerdicts before, HealthVerdicts after, ConfigurationReloadToken waiting)
    {
        if (before with { Reason = null } != after with { Reason = null })
        {
            bool isLoss = !after.IsDraining && ((before.Operational && !after.Operational) || (before.CanServe && !after.CanServe) || (before.Alive && !after.Alive));
            _outbox.Add(() => Log.Verdicts(logger, isLoss ? LogLevel.Warning : LogLevel.Information, after.Operational, after.CanServe, after.Reason ?? "all is well"));
        }

        ThreadPool.UnsafeQueueUserWorkItem(Fire, waiting, preferLocal: false);
    }

    private void Fire(ConfigurationReloadToken waiting)
    {
        try
        {
            waiting.OnReload();
        }
#pragma warning disable CA1031 // A callback of the app's: it must not end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            string error = CheckError.Of(exception);
            string? place = CheckError.Place(exception);
            _outbox.Add(() => Log.ListenerThrew(logger, error, place));
        }
    }

    private void Changed(string name, bool counts, HealthStatus status, CheckOutcome outcome)
    {
        LogLevel level = counts ? LogLevel.Warning : LogLevel.Information;
        if (status == HealthStatus.Healthy)
        {
            Log.Passes(logger, name);
        }
        else
        {
            string words = Redacted.Of(outcome.Words);
            Log.Fails(logger, level, name, status, outcome.Error ?? Log.OwnWord, words);
        }

        if (outcome.Exception is { } exception && logger.IsEnabled(LogLevel.Debug))
        {
            Log.Threw(logger, name, CheckError.Of(exception), CheckError.Place(exception));
        }
    }
}
