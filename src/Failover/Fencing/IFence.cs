namespace Failover;

/// <summary>
/// Makes sure that something which failed does nothing any more: cuts its power, its network, its storage (STONITH, «shoot the other node in the head»). Nobody is promoted before it has succeeded. Asked for only where a holder or a member
/// failed, never where it was left in peace. Implementations are safe for any thread.
/// </summary>
public interface IFence
{
    /// <summary>Fences.</summary>
    /// <param name="request">Whom.</param>
    /// <param name="cancellationToken">Cancelled when the lease is lost, or when nobody is to be promoted any more.</param>
    /// <returns>Whether it provably does nothing any more. What it throws counts as «no».</returns>
    ValueTask<FenceResult> FenceAsync(FenceRequest request, CancellationToken cancellationToken);
}
