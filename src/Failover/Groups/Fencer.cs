namespace Failover.Groups;

/// <summary>Asks a fence. What it throws counts as «no», and its time has an end whatever it does.</summary>
internal static class Fencer
{
    /// <summary>A command has a limit of its own, which is shorter.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(11);

    internal static async Task<FenceResult> FenceAsync(IFence fence, FenceRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(async () => await fence.FenceAsync(request, cancellationToken).ConfigureAwait(false), CancellationToken.None).WaitAsync(Limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return new(false, cancellationToken.IsCancellationRequested ? "the lease was lost, or nobody is to be promoted any more" : Evidence.Of(exception));
        }
    }
}
