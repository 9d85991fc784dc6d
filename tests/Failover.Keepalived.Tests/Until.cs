namespace Failover.Keepalived.Tests;

/// <summary>Waits for conditions.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static async Task SoAsync(Func<bool> isSo, Func<string> what)
    {
        using CancellationTokenSource limit = new(Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(5));
        while (!isSo())
        {
            try
            {
                await look.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not so within {Limit.TotalSeconds} s: {what()}");
            }
        }
    }

    internal static Task<T> Ends<T>(Task<T> task) => task.WaitAsync(Limit);

    internal static Task Ends(Task task) => task.WaitAsync(Limit);
}
