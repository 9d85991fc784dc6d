using System.Text;
using System.Text.RegularExpressions;

namespace Failover.HealthChecks.Redaction;

/// <summary>Hides the values of keys that name a secret: in connection strings, queries, headers, JSON and prose.</summary>
internal static partial class SecretPairs
{
    internal static string Hide(string text)
    {
        StringBuilder shown = new(text.Length);
        int done = 0;
        for (Match key = Keys().Match(text); key.Success; key = Keys().Match(text, Math.Max(done, key.Index + key.Length)))
        {
            int start = key.Index + key.Length;
            int end = End(text, start, key);
            if (end > start)
            {
                shown.Append(text, done, start - done).Append(Redacted.Hidden);
                done = end;
            }
        }

        return shown.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>Where the value ends. It depends on what the pair stands in.</summary>
    private static int End(string text, int start, Match key)
    {
        ReadOnlySpan<char> value = text.AsSpan(start);
        switch (value)
        {
            case []:
                return start;
            case ['\\', '"' or '\'', ..]:
                return start + Until(value, 2, @"\" + value[1], 2);
            case ['"' or '\'', ..]:
                return start + Quoted(value);
            case ['{', ..]:
                return start + Until(value, 1, "}", 1);
            case ['[', ..]:
                return start + Until(value, 1, "]", 1);
        }

        int line = Find(value, "\r\n");
        if (key.Groups["header"].Success)
        {
            return start + line;
        }

        char before = Before(text, key.Index);
        if (before is '?' or '&')
        {
            return start + Find(value, "&#; \t\r\n\"'<>)");
        }

        // Only in a list with semicolons may a value hold blanks, and quotes behind its first letter.
        int semicolon = value[..line].IndexOf(';');
        bool isInList = before == ';' || (semicolon >= 0 && key.ValueSpan.TrimEnd().EndsWith('='));
        return start + (!isInList ? Find(value, ",;& \t\r\n\"'<>)]}") : semicolon >= 0 ? semicolon : line);
    }

    /// <summary>Past the closing quote; to the end where there is none. A doubled quote, and one behind a backslash, does not close.</summary>
    private static int Quoted(ReadOnlySpan<char> value)
    {
        for (int i = 1; i < value.Length; i++)
        {
            if (value[i] == '\\' || (value[i] == value[0] && i + 1 < value.Length && value[i + 1] == value[0]))
            {
                i++;
            }
            else if (value[i] == value[0])
            {
                return i + 1;
            }
        }

        return value.Length;
    }

    private static int Until(ReadOnlySpan<char> value, int from, string close, int length)
    {
        int found = value[Math.Min(from, value.Length)..].IndexOf(close, StringComparison.Ordinal);
        return found < 0 ? value.Length : from + found + length;
    }

    private static int Find(ReadOnlySpan<char> value, ReadOnlySpan<char> ends) => value.IndexOfAny(ends) is >= 0 and var found ? found : value.Length;

    /// <summary>What stands before the words of the key.</summary>
    private static char Before(string text, int key)
    {
        int i = key - 1;
        while (i >= 0 && (char.IsLetterOrDigit(text[i]) || text[i] is '_' or '-' or '.' or ' '))
        {
            i--;
        }

        return i < 0 ? '\0' : text[i];
    }

    // All repetitions are bounded: no text makes it go back and forth for long.
    [GeneratedRegex(
        """
        (?:
          (?<header>(?:authorization|cookie))
        | (?:pass(?:word|wd|phrase|code)|pwd|\bpw|secret|token|credential|signature|connection[-_ ]?string
           |(?:api|access|account|shared|private|signing|encryption|master|auth|subscription|storage|primary|secondary)[-_ ]?key)[\w-]{0,32}
        | \b(?:sig|sas|uid|user(?:[-_ ]?(?:name|id))?)
        | \bpass(?=\s?=)
        | (?<=[?&])(?:key|code|auth|k|t)(?==)
        )
        (?:\\?["'])?[ \t]{0,4}(?:=>|[:=])[ \t]{0,4}
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Keys();
}
