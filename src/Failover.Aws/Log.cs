using Microsoft.Extensions.Logging;

namespace Failover.Aws;

/// <summary>Event ids 13000 to 13999. Never a credential, never more of AWS's words than a code and its message.</summary>
internal static partial class Log
{
    [LoggerMessage(13000, LogLevel.Warning, "{Name} is moved by the API of Route 53 ({Where}), its control plane: that is in one region of AWS, and may be away in the very incident that it is needed in. Record pairs with health checks need none of it then.", EventName = "Route53ControlPlane")]
    internal static partial void ControlPlane(ILogger logger, string name, string where);

    [LoggerMessage(13001, LogLevel.Information, "Route 53 has taken the change {Change} of {Name}, and brings it to its name servers.", EventName = "Route53ChangeTaken")]
    internal static partial void Taken(ILogger logger, string name, string change);

    [LoggerMessage(13002, LogLevel.Information, "The change {Change} of {Name} is at all name servers of Route 53, after {Seconds:0.0} s.", EventName = "Route53InSync")]
    internal static partial void InSync(ILogger logger, string name, string change, double seconds);

    [LoggerMessage(13003, LogLevel.Warning, "Whether the change {Change} of {Name} is at all name servers of Route 53 is not known: {Problem}.", EventName = "Route53NotInSync")]
    internal static partial void NotInSync(ILogger logger, string name, string change, string problem);

    [LoggerMessage(13004, LogLevel.Warning, "The health check {HealthCheck} of the primary of {Name} is to be inverted: {Inverted}. This is done by the API of Route 53, its control plane, which may be away in an incident.", EventName = "Route53Inverted")]
    internal static partial void Inverted(ILogger logger, string name, string healthCheck, bool inverted);

    [LoggerMessage(13010, LogLevel.Information, "RDS tells the group {Group} of {Database}: {State}.", EventName = "RdsTells")]
    internal static partial void Tells(ILogger logger, string group, string database, string state);

    [LoggerMessage(13011, LogLevel.Warning, "RDS cannot be asked for {Database}, of the group {Group}: {Problem}. The group looks by itself meanwhile. Told once until it can.", EventName = "RdsSilent")]
    internal static partial void Silent(ILogger logger, string group, string database, string problem);
}
