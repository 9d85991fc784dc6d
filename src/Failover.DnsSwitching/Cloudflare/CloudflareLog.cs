using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Cloudflare;

/// <summary>What is told of names at Cloudflare: ids 12080 to 12089.</summary>
internal static partial class CloudflareLog
{
    [LoggerMessage(12080, LogLevel.Warning, "{Name} is edited at {Where}, which does so whatever stands there: between the look at it and the edit someone else's move could be lost. It is read right before and read back; "
        + "a lease (UseArbiter) keeps two hosts from trying, and UseBatch makes the records that were read a condition.", EventName = "CloudflareNoPrecondition")]
    internal static partial void NoPrecondition(ILogger logger, string name, string where);

    [LoggerMessage(12081, LogLevel.Information, "{Name} is proxied by Cloudflare: clients see its addresses, which do not move, and the time to live is automatic. A move is seen at once; name servers that are asked for it never show it.", EventName = "CloudflareProxied")]
    internal static partial void Proxied(ILogger logger, string name);
}
