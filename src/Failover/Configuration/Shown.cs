using System.Globalization;

namespace Failover.Configuration;

/// <summary>How values stand in messages: as one would write them in a configuration file, and never a secret.</summary>
internal static class Shown
{
    private const string Hidden = "***";
    private const int MaxLength = 200;

    private static readonly string[] SecretKeys = ["password", "passwd", "pwd", "secret", "token", "key", "credential", "connectionstring"];

    internal static string Value(string key, object? value) => value switch
    {
        null => "null",
        TimeSpan time => Time(time),
        _ when MayBeSecret(key) => Hidden,
        _ => Text(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    internal static string Time(TimeSpan time)
    {
        string text = time.ToString("c", CultureInfo.InvariantCulture);
        return text.EndsWith("0000", StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal) && time.Ticks % TimeSpan.TicksPerSecond != 0
            ? text[..^4]
            : text;
    }

    private static bool MayBeSecret(string key) => SecretKeys.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string Text(string text)
    {
        // A connection string, or an address with user information: "redis://:hush@host".
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if ((scheme >= 0 && text.IndexOf('@', scheme) >= 0) || SecretKeys.Any(word => text.Contains(word + "=", StringComparison.OrdinalIgnoreCase)))
        {
            return Hidden;
        }

        // One line, of bounded length: a value is quoted into logs and exceptions.
        string line = string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
        return line.Length <= MaxLength ? line : string.Concat(line.AsSpan(0, MaxLength), "…");
    }
}
