namespace Failover.Groups;

/// <summary>Asks a fence. What it throws counts as «no», and its time has an end whatever it does.</summary>
internal static class Fencer
{
    /// <summary>A command has a limit of its own, which is shorter.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(11);

    /// <summary>How long one that is told to end is waited for.</summary>
    private static readonly TimeSpan LimitOfEnd = TimeSpan.FromSeconds(3);

    internal static async Task<FenceResult> FenceAsync(IFence fence, FenceRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            Task<FenceResult> fencing = Task.Run(async () => await fence.FenceAsync(request, cancellationToken).ConfigureAwait(false), CancellationToken.None);
            try
            {
                return await fencing.WaitAsync(Limit, time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // It ends what it has begun: else a command would be left behind by an app that stops, half killed.
                await ((Task)fencing).WaitAsync(LimitOfEnd, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        }
        catch (Exception exception)
        {
            return new(false, cancellationToken.IsCancellationRequested ? "the lease was lost, or nobody is to be promoted any more" : Evidence.Of(exception));
        }
    }
}
