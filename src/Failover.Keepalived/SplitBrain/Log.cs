using Microsoft.Extensions.Logging;

namespace Failover.Keepalived.SplitBrain;

/// <summary>What is seen on the wire: 11020 to 11029.</summary>
internal static partial class Log
{
    [LoggerMessage(11020, LogLevel.Information, "Another holder of {Address} is looked for on {Link}.", EventName = "VrrpWireOpened")]
    internal static partial void Opened(ILogger logger, string address, string link);

    [LoggerMessage(11021, LogLevel.Information, "Another holder of {Address} is not looked for on the wire: {Why}.", EventName = "VrrpWireAbsent")]
    internal static partial void Absent(ILogger logger, string address, string why);

    [LoggerMessage(11022, LogLevel.Warning, "{Address} is here, and another holder is on {Link}: {Evidence}.", EventName = "VrrpForeignHolder")]
    internal static partial void Seen(ILogger logger, string address, string link, string evidence);

    [LoggerMessage(11023, LogLevel.Information, "{Rival}, seen as another holder of {Address}, is seen no more: the network is told {Rounds} times that the address is here.", EventName = "VrrpForeignHolderGone")]
    internal static partial void Gone(ILogger logger, string address, string rival, int rounds);

    [LoggerMessage(11024, LogLevel.Warning, "The network could not be told that {Address} is here ({Error}).", EventName = "VrrpNotAnnounced")]
    internal static partial void NotAnnounced(ILogger logger, string address, string error);

    [LoggerMessage(11025, LogLevel.Warning, "Another holder of {Address} cannot be looked for on the wire now: {Why}. It is tried again each few seconds.", EventName = "VrrpWireLost")]
    internal static partial void Lost(ILogger logger, string address, string why);

    [LoggerMessage(11026, LogLevel.Error, "Looking for another holder of {Address} failed; it goes on.", EventName = "VrrpLookoutFailed")]
    internal static partial void Failed(ILogger logger, Exception exception, string address);
}
