using System.Globalization;
using System.Xml.Linq;

namespace Failover.Aws.Route53;

/// <summary>A health check as Route 53 has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version: an update names the one that it changes.</param>
/// <param name="Config">Its settings, without a namespace.</param>
internal sealed record HealthCheck(string Id, string Version, XElement Config)
{
    /// <summary>Gets one of its settings; null if it has no value.</summary>
    internal string? this[string setting] => Config.Element(setting)?.Value;

    /// <summary>Gets whether a flag is set; one that is not there is not.</summary>
    internal bool Is(string flag) => string.Equals(this[flag], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>How a flag is written.</summary>
    internal static string Flag(bool value) => value ? "true" : "false";

    /// <summary>How a number is written.</summary>
    internal static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
