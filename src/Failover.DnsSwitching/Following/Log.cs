using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Following;

/// <summary>What is told of names that are followed: ids 12100 to 12199.</summary>
internal static partial class Log
{
    [LoggerMessage(12100, LogLevel.Information, "{Name} leads to {After}, no longer to {Before}: {Movers} pools move.", EventName = "NameLeadsElsewhere")]
    internal static partial void Moves(ILogger logger, string name, AddressSet before, AddressSet after, int movers);

    [LoggerMessage(12101, LogLevel.Information, "{Name} leads to {After} by the system's resolver, too: {Movers} pools move again, if they connect by that.", EventName = "NameCaughtUp")]
    internal static partial void CaughtUp(ILogger logger, string name, AddressSet after, int movers);

    [LoggerMessage(12102, LogLevel.Warning, "{Name} cannot be looked up ({Problem}): connections go on to {Good}.", EventName = "NameNotFound")]
    internal static partial void NotFound(ILogger logger, string name, object good, string problem);

    [LoggerMessage(12103, LogLevel.Information, "{Name} can be looked up again: {Addresses}.", EventName = "NameFoundAgain")]
    internal static partial void FoundAgain(ILogger logger, string name, AddressSet addresses);

    [LoggerMessage(12104, LogLevel.Warning, "{Name} has moved {Moves} times within a minute: pools stay with {Good} for now, though it leads to {Other}.", EventName = "NameFlaps")]
    internal static partial void Flaps(ILogger logger, string name, int moves, AddressSet good, AddressSet other);

    [LoggerMessage(12105, LogLevel.Error, "{Mover} did not move for {Name}: {Error}.", EventName = "PoolNotMoved")]
    internal static partial void NotMoved(ILogger logger, string mover, string name, string error);

    [LoggerMessage(12106, LogLevel.Warning, "{Name} is not followed: {Limit} names are already.", EventName = "TooManyNames")]
    internal static partial void TooMany(ILogger logger, string name, int limit);

    [LoggerMessage(12107, LogLevel.Warning, "The HTTP client '{Client}' does not follow DNS: its connections are opened by a {Handler}, not by a SocketsHttpHandler.", EventName = "ClientNotFollowed")]
    internal static partial void ClientNotFollowed(ILogger logger, string client, string handler);

    [LoggerMessage(12108, LogLevel.Warning, "None of the name servers that {Name} is to be asked of answers ({Problem}): until one does, the system's resolver is believed, and its caches.", EventName = "NameServersSilent")]
    internal static partial void NameServersSilent(ILogger logger, string name, string problem);

    [LoggerMessage(12109, LogLevel.Information, "A name server answers for {Name} again.", EventName = "NameServersHeard")]
    internal static partial void NameServersHeard(ILogger logger, string name);
}
