using System.Text.Json;
using System.Text.RegularExpressions;

namespace Failover.AspNetCore.Answers;

/// <summary>
/// What of a check's data may be shown. A check of others may put anything there, a connection string too, and text cannot be told from a secret: so numbers, booleans, times and names of enums are shown, and no text at all. Our own checks put
/// what is worth showing in that form.
/// </summary>
internal static partial class SafeData
{
    private const int Most = 64;

    /// <summary>The values that may be shown, in the order of their names, with names that are names.</summary>
    internal static IEnumerable<KeyValuePair<string, object>> Of(IReadOnlyDictionary<string, object> data) =>
        data.Where(static one => Name().IsMatch(one.Key) && IsSafe(one.Value)).OrderBy(static one => one.Key, StringComparer.Ordinal).Take(Most);

    /// <summary>Writes a value. Times that last are written in seconds.</summary>
    internal static void Write(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case TimeSpan span:
                writer.WriteNumber(name, span.TotalSeconds);
                break;
            case DateTime time:
                writer.WriteString(name, time.ToUniversalTime());
                break;
            case DateTimeOffset time:
                writer.WriteString(name, time.UtcDateTime);
                break;
            case Enum one:
                writer.WriteString(name, one.ToString());
                break;
            case decimal number:
                writer.WriteNumber(name, number);
                break;
            case float or double:
                writer.WriteNumber(name, Convert.ToDouble(value, null));
                break;
            case ulong number:
                writer.WriteNumber(name, number);
                break;
            default:
                writer.WriteNumber(name, Convert.ToInt64(value, null));
                break;
        }
    }

    private static bool IsSafe(object? value) => value switch
    {
        float number => float.IsFinite(number),
        double number => double.IsFinite(number),
        bool or byte or sbyte or short or ushort or int or uint or long or ulong or decimal or TimeSpan or DateTime or DateTimeOffset or Enum => true,
        _ => false,
    };

    // A name, and no place for an address with a password.
    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
