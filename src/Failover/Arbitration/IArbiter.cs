namespace Failover;

/// <summary>
/// Decides who may act when several hosts could act on the same thing. <see cref="LeaseArbiter"/> is one over any <see cref="ILeaseStore"/>: etcd, PostgreSQL, Kubernetes.
/// Implementations are safe for any thread.
/// </summary>
public interface IArbiter
{
    /// <summary>Asks for the lease of a resource once. Returns null if another holds it; an exception counts as «not granted».</summary>
    /// <param name="resource">What the lease is for: the name of a group or of a gate.</param>
    /// <param name="cancellationToken">Cancelled when the ask takes too long, or nobody wants its answer any more. What is granted after it is given back.</param>
    ValueTask<ILease?> TryAcquireAsync(string resource, CancellationToken cancellationToken);

    /// <summary>Waits until it is worth asking again for a lease that another holds: it was given back, it has run out, or it is time to look. Promises nothing: another may be faster.</summary>
    /// <param name="resource">What the lease is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask WaitAsync(string resource, CancellationToken cancellationToken);
}
