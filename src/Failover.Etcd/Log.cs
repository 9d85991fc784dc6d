using Microsoft.Extensions.Logging;

namespace Failover.Etcd;

/// <summary>Event ids 7000 to 7999. Never a user or a password, never what a server said.</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Information, "The key {Key} of etcd is watched at {Endpoint}.", EventName = "EtcdWatched")]
    internal static partial void Watched(ILogger logger, string key, string endpoint);

    [LoggerMessage(7001, LogLevel.Warning, "The key {Key} of etcd cannot be watched: {Endpoint}, asked last of {Count}, {Evidence}. Who waits for it looks by itself meanwhile. Told once until it can.", EventName = "EtcdNotWatched")]
    internal static partial void NotWatched(ILogger logger, string key, string endpoint, int count, string evidence);

    [LoggerMessage(7002, LogLevel.Debug, "{Endpoint} is left, where the key {Key} of etcd was to be watched: {Evidence}.", EventName = "EtcdEndpointLeft")]
    internal static partial void EndpointLeft(ILogger logger, string key, string endpoint, string evidence);

    [LoggerMessage(7003, LogLevel.Warning, "etcd has begun anew, or was restored from a copy: the lineage of its leases is {Lineage}, and was {Before}. The fencing tokens start again, and those of the two cannot be compared.", EventName = "EtcdLineageChanged")]
    internal static partial void LineageChanged(ILogger logger, string lineage, string before);

    [LoggerMessage(7004, LogLevel.Information, "The lineage {Lineage} of leases was begun in etcd. No lease is granted for {Quarantine}: as long as one may still act who held a lease in data that were lost.", EventName = "EtcdLineageBegun")]
    internal static partial void LineageBegun(ILogger logger, string lineage, TimeSpan quarantine);
}
