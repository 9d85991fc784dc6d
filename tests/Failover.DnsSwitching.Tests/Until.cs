namespace Failover.DnsSwitching.Tests;

/// <summary>Waits for a condition that another thread makes true, with a real limit that only a hang reaches.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static async Task True(Func<bool> condition)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(2));
        using CancellationTokenSource limit = new(Limit);
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    internal static Task<T> Ends<T>(Task<T> task) => task.WaitAsync(Limit);
}
