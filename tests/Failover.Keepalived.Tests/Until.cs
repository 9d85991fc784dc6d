using Failover.TestServers;

namespace Failover.Keepalived.Tests;

/// <summary>Waits for conditions.</summary>
internal static class Until
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static Task SoAsync(Func<bool> isSo, Func<string> what) => Waiting.ForAsync(() => Task.FromResult(isSo() ? what : null), Pace, Limit, what);

    internal static Task<T> Ends<T>(Task<T> task) => task.WaitAsync(Limit);

    internal static Task Ends(Task task) => task.WaitAsync(Limit);
}
