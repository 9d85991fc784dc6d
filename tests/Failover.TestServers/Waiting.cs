namespace Failover.TestServers;

/// <summary>Waits for what a server does in its own time.</summary>
internal static class Waiting
{
    /// <summary>Looks again and again until something is there.</summary>
    /// <param name="look">Returns null if it is not there yet.</param>
    /// <param name="pace">How long to wait between two looks.</param>
    /// <param name="limit">How long to wait in all.</param>
    /// <param name="otherwise">The message of the exception.</param>
    /// <exception cref="TimeoutException">It was not there within the limit.</exception>
    internal static async Task<T> ForAsync<T>(Func<Task<T?>> look, TimeSpan pace, TimeSpan limit, Func<string> otherwise)
        where T : class
    {
        using CancellationTokenSource end = new(limit);
        using PeriodicTimer next = new(pace);
        try
        {
            while (true)
            {
                if (await look() is { } found)
                {
                    return found;
                }

                await next.WaitForNextTickAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {limit.TotalSeconds} s for {otherwise()}");
        }
    }
}
