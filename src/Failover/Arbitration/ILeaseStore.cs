namespace Failover;

/// <summary>
/// Where leases are kept: four questions that <see cref="LeaseArbiter"/> asks. It brings the clocks, the renewals and the deadlines; the store only has to do each of these in one step that nobody else's can come between. An exception means «not
/// known»: it may have been done. Implementations are safe for any thread.
/// </summary>
public interface ILeaseStore
{
    /// <summary>Takes the lease if nobody holds it.</summary>
    /// <param name="request">What is asked for. Its <see cref="LeaseRequest.Attempt"/> tells this grant from all others, those to the same host included.</param>
    /// <param name="cancellationToken">Cancelled at the deadline of this call, after which its answer is ignored.</param>
    /// <returns>The grant, or that another holds it.</returns>
    ValueTask<LeaseAnswer> TakeAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Makes the lease last for its whole duration again, if it is still this request's. It must not take it anew: what has run out is over.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="grant">What was granted.</param>
    /// <param name="cancellationToken">Cancelled at the deadline of this call, after which its answer is ignored.</param>
    /// <returns>The grant with how long it lasts from now on; null if it is over.</returns>
    ValueTask<LeaseGrant?> RenewAsync(LeaseRequest request, LeaseGrant grant, CancellationToken cancellationToken);

    /// <summary>Gives back what this request has taken, if it has taken anything: it is also called when that is not known. Does nothing to what others hold.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="cancellationToken">Cancelled at the deadline of this call.</param>
    ValueTask ReleaseAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Waits until the lease may be free. It may return early, or never: the arbiter asks again in time by itself. What it throws counts as «nothing is known».</summary>
    /// <param name="resource">What the lease is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask WaitForChangeAsync(string resource, CancellationToken cancellationToken);
}
