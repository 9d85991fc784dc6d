namespace Failover.AspNetCore.Draining;

/// <summary>How long a shutdown goes on serving.</summary>
internal static class ShutdownHold
{
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(5);

    /// <summary>What was asked for. Who develops does not want to wait at every stop.</summary>
    internal static TimeSpan Wanted(DrainingOptions options, bool isDevelopment) => options.Hold ?? (isDevelopment ? TimeSpan.Zero : Default);

    /// <summary>What of it there is time for: requests in flight need some after it.</summary>
    internal static TimeSpan Possible(TimeSpan wanted, TimeSpan shutdownTimeout)
    {
        TimeSpan most = shutdownTimeout * 0.8;
        return shutdownTimeout == Timeout.InfiniteTimeSpan || wanted < most ? wanted : most;
    }
}
