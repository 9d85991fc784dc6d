using System.Buffers;
using System.Text;

namespace Failover.Keepalived.Doctor.Reading;

/// <summary>Takes a line apart as keepalived does: comments begin with # or ! outside of quotes, braces stand by themselves wherever they are, words end at white space and quotes.</summary>
internal static class LineText
{
    private static readonly char[] White = [' ', '\t', '\f', '\n', '\r', '\v'];
    private static readonly SearchValues<char> Ends = SearchValues.Create([.. White, '"']);

    /// <summary>The line without its comment and the white space around it.</summary>
    internal static (string Text, bool IsQuoteOpen) WithoutComment(string line)
    {
        StringBuilder text = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char next = i + 1 < line.Length ? line[i + 1] : '\0';
            if (line[i] == '\\' && next != '\0')
            {
                // \# and \! are no comments; other escapes stay for whoever reads the word.
                if (quoted || next is not ('#' or '!'))
                {
                    text.Append('\\');
                }

                text.Append(next);
                i++;
                continue;
            }

            if (!quoted && line[i] is '#' or '!')
            {
                break;
            }

            quoted ^= line[i] == '"';
            text.Append(line[i]);
        }

        return (text.ToString().Trim(White), quoted);
    }

    /// <summary>The texts between braces, and the braces.</summary>
    internal static IEnumerable<string> Pieces(string text)
    {
        int start = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            quoted ^= text[i] == '"';
            if (!quoted && text[i] is '{' or '}')
            {
                if (text[start..i].Trim(White) is { Length: > 0 } before)
                {
                    yield return before;
                }

                yield return text[i].ToString();
                start = i + 1;
            }
        }

        if (text[start..].Trim(White) is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }

    internal static IReadOnlyList<string> Words(string text)
    {
        List<string> words = [];
        for (int i = 0; i < text.Length;)
        {
            if (White.Contains(text[i]))
            {
                i++;
            }
            else if (text[i] == '"')
            {
                int end = text.IndexOf('"', i + 1);
                end = end < 0 ? text.Length : end;
                words.Add(text[(i + 1)..end]);
                i = end + 1;
            }
            else
            {
                int end = text.AsSpan(i).IndexOfAny(Ends);
                end = end < 0 ? text.Length : i + end;
                words.Add(text[i..end]);
                i = end;
            }
        }

        return words;
    }
}
