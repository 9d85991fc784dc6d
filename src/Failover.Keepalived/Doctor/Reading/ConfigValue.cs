using System.Globalization;

namespace Failover.Keepalived.Doctor.Reading;

/// <summary>Values as keepalived reads them.</summary>
internal static class ConfigValue
{
    internal static int? Integer(string? text) => int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int value) ? value : null;

    internal static decimal? Seconds(string? text) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) ? value : null;

    /// <summary>Whether a switch is on: it is if it stands alone. Null if it is not there, or says nothing that is understood.</summary>
    internal static bool? Switch(ConfigLine? line) => line?.Words switch
    {
        null => null,
        { Count: 1 } => true,
        [_, "true" or "on" or "yes", ..] => true,
        [_, "false" or "off" or "no", ..] => false,
        _ => null,
    };
}
