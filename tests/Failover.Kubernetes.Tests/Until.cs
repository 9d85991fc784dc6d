namespace Failover.Kubernetes.Tests;

/// <summary>Waits until something is so, for as long as no test should take.</summary>
internal static class Until
{
    internal static async Task TrueAsync(Func<bool> isSo)
    {
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(5));
        while (!isSo())
        {
            await pace.WaitForNextTickAsync(end.Token);
        }
    }
}
