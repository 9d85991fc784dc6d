using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching;

/// <summary>What is told of names that are moved: ids 12000 to 12099.</summary>
internal static partial class Log
{
    [LoggerMessage(12000, LogLevel.Warning, "{Name} is moved from {From} to {To}, by \"{Owner}\". Caches may keep the old answer until {CachedUntil:u}.", EventName = "NameMoved")]
    internal static partial void Moved(ILogger logger, string name, DnsValues from, DnsValues to, DnsOwner owner, DateTimeOffset cachedUntil);

    [LoggerMessage(12001, LogLevel.Error, "{Name} is not moved to {Target}: {Problem}", EventName = "NameNotMoved")]
    internal static partial void NotMoved(ILogger logger, string name, object target, string problem);

    [LoggerMessage(12002, LogLevel.Information, "{Name} is {Values} at every name server: {Servers}.", EventName = "NameVisible")]
    internal static partial void Visible(ILogger logger, string name, DnsValues values, string servers);

    [LoggerMessage(12003, LogLevel.Warning, "{Name} is not {Values} everywhere after {Seconds:0.0} s: {Servers}. A BIND primary tells its secondaries up to 5 s late, unless notify-delay is 0.", EventName = "NamePartlyVisible")]
    internal static partial void PartlyVisible(ILogger logger, string name, DnsValues values, string servers, double seconds);

    [LoggerMessage(12004, LogLevel.Warning, "{Name} was changed outside, from {Before} to {After}; by: {Owner}.", EventName = "NameChangedOutside")]
    internal static partial void Drifted(ILogger logger, string name, string before, string after, string owner);

    [LoggerMessage(12005, LogLevel.Warning, "{Name} cannot be read at {Where}: {Problem}", EventName = "NameNotRead")]
    internal static partial void NotRead(ILogger logger, string name, string where, string problem);

    [LoggerMessage(12006, LogLevel.Information, "{Name} can be read again at {Where}.", EventName = "NameReadAgain")]
    internal static partial void ReadAgain(ILogger logger, string name, string where);

    [LoggerMessage(12007, LogLevel.Information, "{Name} could be moved at {Where}: reached, and let in.", EventName = "NameProven")]
    internal static partial void Proven(ILogger logger, string name, string where);

    [LoggerMessage(12008, LogLevel.Error, "{Name} could not be moved at {Where}: {Problem}", EventName = "NameNotProven")]
    internal static partial void NotProven(ILogger logger, string name, string where, string problem);

    [LoggerMessage(12009, LogLevel.Warning, "Caches keep {Name} for {Seconds} s: for so long after a move clients go to the server that was left. 60 s or less is better.", EventName = "LongTimeToLive")]
    internal static partial void LongTimeToLive(ILogger logger, string name, double seconds);

    [LoggerMessage(12010, LogLevel.Warning, "{Name} is moved without a lease: each host that watches {Group} may move it by what it sees alone. UseArbiter() gives it one.", EventName = "NoLease")]
    internal static partial void NoLease(ILogger logger, string name, string group);

    [LoggerMessage(12011, LogLevel.Information, "{Name} was moved from {Before} to {After} by another host: {Owner}.", EventName = "NameMovedElsewhere")]
    internal static partial void MovedElsewhere(ILogger logger, string name, string before, string after, string owner);

    [LoggerMessage(12012, LogLevel.Warning, "{Name} is not moved by this app as it stands: {Reason}", EventName = "NameKeptFromMoving")]
    internal static partial void KeptFromMoving(ILogger logger, string name, string reason);

    [LoggerMessage(12013, LogLevel.Error, "The changed Targets of {Group} do not fit its members; the last good settings stay in force. {Problems}", EventName = "TargetsRefused")]
    internal static partial void TargetsRefused(ILogger logger, string group, string problems);
}
