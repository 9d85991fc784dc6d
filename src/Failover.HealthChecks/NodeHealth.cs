using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks;

/// <summary>
/// The health of this node: every registered check, run in the background, each on its own period. Registered by <c>AddFailover().AddHealth()</c>. Starts with the host, or on first use where there is none. Safe for any thread.
/// </summary>
public sealed class NodeHealth : IFailoverHealth
{
    private readonly HealthMonitor _monitor;

    internal NodeHealth(HealthMonitor monitor) => _monitor = monitor;

    /// <summary>Gets how the node stands now. Costs a read of the clock; no check runs for it, and none is waited for. The first read starts the checks.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">It is the first read, and some settings of Failover are invalid.</exception>
    public HealthSnapshot Snapshot => _monitor.Snapshot;

    /// <inheritdoc/>
    public HealthVerdicts Verdicts => Snapshot.Verdicts;

    /// <inheritdoc/>
    public IChangeToken GetChangeToken() => _monitor.GetChangeToken();

    /// <summary>Gets how long ago, or in how much time, an instant is on the clock of the snapshots; negative in the past.</summary>
    /// <param name="elapsed">The instant, like <see cref="HealthSnapshot.NextOutcome"/>.</param>
    public TimeSpan Until(TimeSpan elapsed) => elapsed - _monitor.Elapsed;
}
