using Microsoft.Extensions.Logging;

namespace Failover.PostgreSql.Patroni;

/// <summary>Event ids 6400 to 6499: Patroni's REST API. Never what a server said, but for the host of a node that it names.</summary>
internal static partial class Log
{
    [LoggerMessage(6400, LogLevel.Information, "Patroni of {Group} answers at {Endpoint}.", EventName = "PatroniAnswers")]
    internal static partial void Answers(ILogger logger, string group, string endpoint);

    [LoggerMessage(6401, LogLevel.Warning, "Patroni of {Group} does not answer: {Endpoint}, asked last of {Count}, {Evidence}. The group looks at its nodes by itself meanwhile. Told once until one answers.", EventName = "PatroniSilent")]
    internal static partial void Silent(ILogger logger, string group, string endpoint, int count, string evidence);

    [LoggerMessage(6402, LogLevel.Warning, "The nodes that Patroni names for {Group} are not taken, and the members stay as they are: {Why}. Patroni:AllowedMembers says which nodes may be found. Told once for each reason in a row.", EventName = "FoundMembersRefused")]
    internal static partial void Refused(ILogger logger, string group, string why);
}
