using Microsoft.Extensions.Logging;

namespace Failover.Kubernetes;

/// <summary>Event ids 10000 to 10999. Never a credential, never what a server said.</summary>
internal static partial class Log
{
    [LoggerMessage(10000, LogLevel.Information, "There was no record of the lease of {Resource} that shows a holder: {Name} in the namespace {Namespace} is new. It is granted to nobody for {Seconds} s, in which a holder under an earlier one may still act.", EventName = "KubernetesLeaseBegun")]
    internal static partial void Begun(ILogger logger, string resource, string name, string @namespace, int seconds);

    [LoggerMessage(10001, LogLevel.Warning, "The lease of {Resource} is not watched: {Evidence}. It is asked for at intervals instead, and a handover takes until the next. Told once until it is.", EventName = "KubernetesLeaseNotWatched")]
    internal static partial void NotWatched(ILogger logger, string resource, string evidence);
}
