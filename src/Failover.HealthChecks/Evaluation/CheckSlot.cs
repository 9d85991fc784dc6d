using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>One check as the monitor keeps it. Touched under the monitor's lock alone.</summary>
internal sealed class CheckSlot
{
    /// <summary>How long a run may take to end after it was told to.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly HealthCheckRegistration _registration;
    private readonly TimeSpan? _ownPeriod;
    private readonly string[] _tags;
    private Type? _kind;
    private long _runs;

    /// <param name="registration">The check.</param>
    /// <param name="ownPeriod">The period of its registration, if it has one.</param>
    internal CheckSlot(HealthCheckRegistration registration, TimeSpan? ownPeriod)
    {
        (_registration, _ownPeriod, _tags) = (registration, ownPeriod, [.. registration.Tags]);
        Settings = CheckSettings.Of(registration, ownPeriod, null, new HealthOptions());
    }

    internal string Name => _registration.Name;

    internal CheckSettings Settings { get; private set; }

    internal CheckState State { get; private set; } = CheckState.Unknown;

    /// <summary>When it falls due, on the monitor's clock; never while a run is within its time.</summary>
    internal TimeSpan Due { get; private set; }

    /// <summary>The run that goes on, be it left behind; null if none does.</summary>
    internal CheckRun? Run { get; private set; }

    /// <summary>Whether a run goes on within its time. Until it is heard of nothing falls due, and the time ends every wait.</summary>
    internal bool IsRunning => Run is not null && Due == TimeSpan.MaxValue;

    /// <summary>When the next outcome can be expected at the latest.</summary>
    internal TimeSpan NextOutcome => IsRunning ? Run!.Limit : Due;

    /// <summary>Takes settings over. A shorter period counts from now on; a longer one from the next outcome.</summary>
    internal void Configure(HealthOptions options, Moment now)
    {
        CheckSettings before = Settings;
        Settings = CheckSettings.Of(_registration, _ownPeriod, _kind, options);
        State = State.Reconfigure(before, Settings, now);
        TimeSpan latest = now.Elapsed + Period();
        if (!IsRunning && Due > latest)
        {
            Due = latest;
        }
    }

    /// <summary>Makes the next run. The caller begins it.</summary>
    internal CheckRun Next(Func<HealthCheckRegistration, TimeSpan, CheckRun> make)
    {
        _runs++;
        Due = TimeSpan.MaxValue;
        return Run = make(Settings.Means(_registration), Settings.Timeout);
    }

    /// <summary>Takes in that the run has ended, or goes on after its time.</summary>
    internal void Heard(CheckOutcome outcome, bool goesOn, HealthOptions options, Moment now)
    {
        if (_kind is null && Run!.Kind is { } kind)
        {
            _kind = kind;
            Configure(options, now);
        }

        Observe(outcome, now);
        if (!goesOn)
        {
            Run = null;
        }
        else if (Due < now.Elapsed + Grace)
        {
            Due = now.Elapsed + Grace;
        }
    }

    /// <summary>Takes in that it fell due while a run that was left behind still goes on: it heeds no token.</summary>
    /// <returns>That is an outcome, too.</returns>
    internal CheckOutcome StillRuns(Moment now)
    {
        CheckOutcome outcome = new(Settings.FailureStatus, now.Since(Run!.Started)) { Error = CheckRun.Stuck };
        State = State with { IsStuck = true };
        Observe(outcome, now);
        return outcome;
    }

    /// <summary>Takes in that a run which was left behind has ended. What it says is of no interest any more.</summary>
    internal void Ended(Moment now)
    {
        Run = null;
        State = State with { IsStuck = false };
        TimeSpan due = now.Elapsed + Period();
        Due = due < Due ? due : Due;
    }

    internal CheckSnapshot Snapshot(Moment now) => new(Name, _tags, Settings, State, State.IsStale(Settings, now));

    private void Observe(CheckOutcome outcome, Moment now)
    {
        // What an exception holds on to is not kept.
        State = State.Observe(outcome with { Exception = null }, Settings, now);
        Due = now.Elapsed + Period();
    }

    private TimeSpan Period() => (State.IsCalm || State.Last is null ? Settings.Period : Settings.FailurePeriod) * Jitter.Of(Name, _runs);
}
