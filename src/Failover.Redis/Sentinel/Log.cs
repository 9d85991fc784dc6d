using Failover.Redis.Sets;
using Microsoft.Extensions.Logging;

namespace Failover.Redis.Sentinel;

/// <summary>Event ids 9100 to 9199: what the sentinels say. Never what a server said, but for hosts that it names and its errors.</summary>
internal static partial class Log
{
    [LoggerMessage(9100, LogLevel.Information, "Sentinel {Sentinel} of {Group} answers.", EventName = "SentinelAnswers")]
    internal static partial void Answers(ILogger logger, string group, HostAndPort sentinel);

    [LoggerMessage(9101, LogLevel.Warning, "Sentinel {Sentinel} of {Group} does not answer: {Evidence}. Told once until it does.", EventName = "SentinelSilent")]
    internal static partial void Silent(ILogger logger, string group, HostAndPort sentinel, string evidence);

    [LoggerMessage(9102, LogLevel.Warning, "The messages of sentinel {Sentinel} of {Group} cannot be heard: {Evidence}. A planned failover that it leads is not seen before it is done, and writes meanwhile are lost. Told once until they can.", EventName = "SentinelUnheard")]
    internal static partial void Deaf(ILogger logger, string group, HostAndPort sentinel, string evidence);

    [LoggerMessage(9103, LogLevel.Information, "The sentinels of {Group} name {Master} as the master at epoch {Epoch}: {Agreeing} of {Known} say so.", EventName = "MasterNamed")]
    internal static partial void Named(ILogger logger, string group, HostAndPort master, Epoch epoch, int agreeing, int known);

    [LoggerMessage(9104, LogLevel.Warning, "Only {Heard} of {Known} sentinels of {Group} answer: too few for a majority. The last master that was named stands, and no failover is followed meanwhile.", EventName = "SentinelMajorityLost")]
    internal static partial void MajorityLost(ILogger logger, string group, int heard, int known);

    [LoggerMessage(9105, LogLevel.Information, "{Heard} of {Known} sentinels of {Group} answer again: a majority.", EventName = "SentinelMajorityBack")]
    internal static partial void MajorityBack(ILogger logger, string group, int heard, int known);

    [LoggerMessage(9106, LogLevel.Warning, "The sentinels of {Group} name {Master} at epoch {Epoch}, which is not above the present one ({Present}). It is not taken: what was written since may not be there.", EventName = "MasterRefused")]
    internal static partial void Refused(ILogger logger, string group, HostAndPort master, Epoch epoch, Epoch present);

    [LoggerMessage(9107, LogLevel.Warning, "All sentinels of {Group} are others than before ({Before}, now {Now}): the set was rebuilt. Its master is taken only when somebody trusts the new lineage.", EventName = "SentinelsRebuilt")]
    internal static partial void Rebuilt(ILogger logger, string group, string before, string now);

    [LoggerMessage(9108, LogLevel.Warning, "The sentinels of {Group} name {Node}, which may not be found: it gets no password. AllowedMembers says which may. Told once for each in a row.", EventName = "RedisNodeRefused")]
    internal static partial void NodeRefused(ILogger logger, string group, string node);

    [LoggerMessage(9109, LogLevel.Information, "Sentinel {Sentinel} of {Group} is watched too: most of the others name it.", EventName = "SentinelFound")]
    internal static partial void Found(ILogger logger, string group, HostAndPort sentinel);

    [LoggerMessage(9110, LogLevel.Information, "Sentinel {Sentinel} of {Group} begins a failover away from {Master}. Writers wait.", EventName = "FailoverAnnounced")]
    internal static partial void Announced(ILogger logger, string group, HostAndPort sentinel, HostAndPort master);

    [LoggerMessage(9111, LogLevel.Information, "The failover away from {Master} that sentinel {Sentinel} of {Group} began comes to nothing.", EventName = "FailoverAborted")]
    internal static partial void Aborted(ILogger logger, string group, HostAndPort sentinel, HostAndPort master);

    [LoggerMessage(9112, LogLevel.Information, "{Member} of {Group} says that it is master, and the sentinel that leads the failover promotes it: it takes the writes before most of the sentinels name it (Promotion is Fast).", EventName = "MasterPinned")]
    internal static partial void Pinned(ILogger logger, string group, FailoverMember member);

    [LoggerMessage(9113, LogLevel.Warning, "{Member} of {Group} took writes before most of the sentinels named it, and they did not: {Why}. What it acknowledged may be lost (Promotion is Fast).", EventName = "PinLost")]
    internal static partial void PinLost(ILogger logger, string group, FailoverMember member, string why);

    [LoggerMessage(9114, LogLevel.Warning, "Sentinel {Sentinel} of {Group} does not trust its clock (TILT), and does nothing for 30 seconds.", EventName = "SentinelTilts")]
    internal static partial void Tilts(ILogger logger, string group, HostAndPort sentinel);

    [LoggerMessage(9115, LogLevel.Warning, "The members of {Group} stay as they are: the group refuses what the sentinels name ({Why}). Told once for each reason in a row.", EventName = "RedisMembersRefused")]
    internal static partial void MembersRefused(ILogger logger, string group, string why);
}
