using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Failover.AspNetCore.Answers;

/// <summary>Reads whether a caller would rather have text than JSON. Whatever is no media range counts for nothing; nobody is refused.</summary>
internal static class AcceptHeader
{
    private const string Text = "text/plain";

    /// <summary>Whether text is named, and no JSON as much.</summary>
    internal static bool PrefersText(StringValues accept)
    {
        double text = 0;
        double json = 0;
        for (int at = 0; at < accept.Count; at++)
        {
            string? value = accept[at];
            if (value is null || (text == 0 && accept.Count == 1 && !value.Contains(Text, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            foreach (Range range in value.AsSpan().Split(','))
            {
                Read(value.AsSpan(range), ref text, ref json);
            }
        }

        return text > json;
    }

    private static void Read(ReadOnlySpan<char> range, ref double text, ref double json)
    {
        int semicolon = range.IndexOf(';');
        ReadOnlySpan<char> type = (semicolon < 0 ? range : range[..semicolon]).Trim();
        if (type.Equals(Text, StringComparison.OrdinalIgnoreCase))
        {
            text = Math.Max(text, Quality(range, semicolon));
        }
        else if (type.Equals(Body.HealthJsonType, StringComparison.OrdinalIgnoreCase) || type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Equals("application/*", StringComparison.Ordinal))
        {
            json = Math.Max(json, Quality(range, semicolon));
        }
    }

    private static double Quality(ReadOnlySpan<char> range, int semicolon)
    {
        if (semicolon < 0)
        {
            return 1;
        }

        foreach (Range parameter in range.Split(';'))
        {
            ReadOnlySpan<char> trimmed = range[parameter].Trim();
            if (trimmed.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
            {
                return double.TryParse(trimmed[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double quality) && quality <= 1 ? quality : 0;
            }
        }

        return 1;
    }
}
