using System.Globalization;
using System.Text.RegularExpressions;

namespace Failover.TestServers.Aws;

/// <summary>Names, as Route 53 takes and gives them.</summary>
internal static partial class Route53Name
{
    /// <summary>Without escapes and the last dot, in lower case.</summary>
    internal static string Plain(string name) => Escape().Replace(name, static escape => ((char)Convert.ToInt32(escape.Groups[1].Value, 8)).ToString()).TrimEnd('.').ToLowerInvariant();

    /// <summary>With escapes and the last dot.</summary>
    internal static string Told(string plain) => Special().Replace(plain, static one => string.Create(CultureInfo.InvariantCulture, $"\\{Convert.ToString(one.Value[0], 8).PadLeft(3, '0')}")) + ".";

    /// <summary>What names are sorted by: their labels from the right.</summary>
    internal static string Order(string plain) => string.Join('\0', plain.Split('.').Reverse());

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Escape();

    [GeneratedRegex(@"[^a-z0-9._-]")]
    private static partial Regex Special();
}
