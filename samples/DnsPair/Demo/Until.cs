namespace DnsPair.Demo;

/// <summary>Waits for something that comes in its own time.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <exception cref="TimeoutException">It did not come, as the words say.</exception>
    internal static async Task SoAsync(Func<bool> isSo, string otherwise)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        using CancellationTokenSource limit = new(Limit);
        try
        {
            while (!isSo())
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(otherwise);
        }
    }
}
