namespace Failover;

/// <summary>What one look at a member gave. Make it with <see cref="Success()"/>, <see cref="Failure"/> or <see cref="Timeout"/>.</summary>
public sealed record ProbeResult
{
    private const int MaxEvidence = 200;

    private static readonly ProbeResult Succeeded = new(ProbeOutcome.Succeeded, null);

    private readonly string? _evidence;
    private readonly TimeSpan? _drainFor;

    private ProbeResult(ProbeOutcome outcome, string? evidence)
    {
        Outcome = outcome;
        Evidence = evidence;
    }

    /// <summary>Gets how the probe ended.</summary>
    public ProbeOutcome Outcome { get; init; }

    /// <summary>Gets the role that the member gave itself.</summary>
    /// <value>The default is <see cref="MemberRole.Unknown"/>.</value>
    public MemberRole Role { get; init; }

    /// <summary>Gets the epoch that the member gave itself; null where it has none or did not say.</summary>
    public Epoch? Epoch { get; init; }

    /// <summary>Gets how far the member is behind its primary; null where it has no such figure or did not say.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Gets a short reason for people: «connection refused», «status 503». Never a secret: it is logged and kept with the switchover. Cut at 200 characters.</summary>
    public string? Evidence
    {
        get => _evidence;
        init => _evidence = value is { Length: > MaxEvidence } ? value[..MaxEvidence] : value;
    }

    /// <summary>
    /// Gets for how long the member asked to be left alone; null if it did not say. With <see cref="ProbeOutcome.Draining"/> it is left for so long. With <see cref="ProbeOutcome.Failed"/> it is a failure like others, unless a call was told so
    /// too (<see cref="MemberMeter.PutOff"/>): then the member is left at once.
    /// </summary>
    /// <value>The default is null. More than 60 seconds count as 60; zero and less as null.</value>
    public TimeSpan? DrainFor
    {
        get => _drainFor;
        init => _drainFor = value > TimeSpan.Zero ? value : null;
    }

    /// <summary>The member answered as it should.</summary>
    public static ProbeResult Success() => Succeeded;

    /// <summary>The member answered as it should, and told its role.</summary>
    public static ProbeResult Success(MemberRole role, Epoch? epoch) => new(ProbeOutcome.Succeeded, null) { Role = role, Epoch = epoch };

    /// <summary>The member itself said no: it refused or broke the connection, gave an answer that says no, or one that is not one. Where no answer came, use <see cref="Timeout"/>: calls that succeed contradict that, but not this.</summary>
    /// <param name="evidence">A short reason without secrets.</param>
    public static ProbeResult Failure(string evidence) => new(ProbeOutcome.Failed, evidence);

    /// <summary>No answer came: not in time, or there was no way to the member.</summary>
    /// <param name="evidence">A short reason without secrets.</param>
    public static ProbeResult Timeout(string evidence) => new(ProbeOutcome.TimedOut, evidence);

    /// <summary>The member answered that it is about to leave. It is left for 60 seconds.</summary>
    /// <param name="evidence">A short reason without secrets.</param>
    public static ProbeResult Draining(string evidence) => new(ProbeOutcome.Draining, evidence);

    /// <summary>The member answered that it is about to leave, and for how long it should be left alone.</summary>
    /// <param name="evidence">A short reason without secrets.</param>
    /// <param name="duration">How long; above zero. More than 60 seconds count as 60.</param>
    public static ProbeResult Draining(string evidence, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        return new(ProbeOutcome.Draining, evidence) { DrainFor = duration };
    }
}
