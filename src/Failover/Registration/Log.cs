using Microsoft.Extensions.Logging;

namespace Failover.Registration;

/// <summary>Event ids 1900 to 1999: registration and configuration.</summary>
internal static partial class Log
{
    [LoggerMessage(1900, LogLevel.Information, "The changed configuration of group {Group} is in force.", EventName = "ConfigurationChanged")]
    internal static partial void ChangeInForce(ILogger logger, string group);

    [LoggerMessage(1901, LogLevel.Error, "The changed configuration of group {Group} is refused; the last good one stays in force. {Problems}", EventName = "ConfigurationRefused")]
    internal static partial void ChangeRefused(ILogger logger, string group, string problems);

    [LoggerMessage(1902, LogLevel.Error, "The changed configuration of group {Group} could not be put in force: {Exception} at {StackTrace}", EventName = "ConfigurationThrew")]
    internal static partial void ChangeThrew(ILogger logger, string group, string exception, string? stackTrace);

    [LoggerMessage(1903, LogLevel.Warning, "Group {Group} is new in the configuration: it is made after a restart of the app.", EventName = "GroupNeedsRestart")]
    internal static partial void GroupNeedsRestart(ILogger logger, string group);

    [LoggerMessage(1904, LogLevel.Error, "A change of the configuration could not be read; every group goes on as before: {Problem}.", EventName = "ConfigurationUnreadable")]
    internal static partial void Unreadable(ILogger logger, string problem);

    [LoggerMessage(1905, LogLevel.Warning, "There is no failover group: none is added in code, and {Reason}.", EventName = "NoGroups")]
    internal static partial void NoGroups(ILogger logger, string reason);

    [LoggerMessage(1906, LogLevel.Information, "The changed configuration of {Section} is in force.", EventName = "SectionChanged")]
    internal static partial void SectionInForce(ILogger logger, string section);

    [LoggerMessage(1907, LogLevel.Error, "The changed configuration of {Section} is refused; the last good one stays in force. {Problems}", EventName = "SectionRefused")]
    internal static partial void SectionRefused(ILogger logger, string section, string problems);

    [LoggerMessage(1908, LogLevel.Error, "The changed configuration of {Section} could not be put in force: {Exception} at {StackTrace}", EventName = "SectionThrew")]
    internal static partial void SectionThrew(ILogger logger, string section, string exception, string? stackTrace);
}
