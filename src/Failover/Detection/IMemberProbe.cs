namespace Failover;

/// <summary>One active look at a member. Implementations are called for several members at the same time, but never twice at once for one member.</summary>
public interface IMemberProbe
{
    /// <summary>
    /// Looks at a member once. What goes wrong is told in the result; an <see cref="OperationCanceledException"/> or a <see cref="TimeoutException"/> counts as <see cref="ProbeOutcome.TimedOut"/>, any other exception as <see cref="ProbeOutcome.Failed"/>, with its type as evidence.
    /// </summary>
    /// <param name="member">The member to look at.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the probe's timeout is nearly over: a tenth of it, at most 50 milliseconds, is left to end in. A probe that ignores it is left behind: its member counts as not answering, and it is not asked again until that probe has ended.
    /// </param>
    ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken);
}
