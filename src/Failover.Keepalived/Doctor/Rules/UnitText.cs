using System.Text;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>Takes a file of systemd apart: settings that may go over lines, and words that may be quoted, so that a path can hold spaces.</summary>
internal static class UnitText
{
    private static readonly string[] Shells = ["sh", "bash", "dash"];

    /// <summary>The settings of the section of a service, in order.</summary>
    internal static IEnumerable<(string Key, string Value)> Settings(string text)
    {
        bool isService = false;
        string before = "";
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (line is ['#' or ';', ..])
            {
                continue;
            }

            if (line.EndsWith('\\'))
            {
                before += $"{line[..^1]} ";
                continue;
            }

            (line, before) = ((before + line).Trim(), "");
            if (line.StartsWith('['))
            {
                isService = line == "[Service]";
            }
            else if (isService && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                yield return (line[..equals].TrimEnd(), line[(equals + 1)..].TrimStart());
            }
        }
    }

    /// <summary>The words of a value: quotes of either kind hold one together, a backslash the next character, \x20 is a space, %% a percent sign, %t /run.</summary>
    internal static IReadOnlyList<string> Words(string value)
    {
        List<string> words = [];
        StringBuilder word = new();
        char quote = '\0';
        bool isWord = false;
        for (int i = 0; i < value.Length; i++)
        {
            char one = value[i];
            if (one == '\\' && i + 1 < value.Length)
            {
                bool isSpace = value.AsSpan(i).StartsWith("\\x20", StringComparison.Ordinal) || value.AsSpan(i).StartsWith("\\040", StringComparison.Ordinal);
                word.Append(isSpace || value[i + 1] == 's' ? ' ' : value[i + 1]);
                i += isSpace ? 3 : 1;
                isWord = true;
            }
            else if (quote == '\0' ? one is '"' or '\'' : one == quote)
            {
                quote = quote == '\0' ? one : '\0';
                isWord = true;
            }
            else if (quote == '\0' && one is ' ' or '\t')
            {
                Take();
            }
            else
            {
                string? specifier = value.AsSpan(i) switch
                {
                    ['%', '%', ..] => "%",
                    ['%', 't', ..] => "/run",
                    _ => null,
                };
                word.Append(specifier ?? one.ToString());
                i += specifier is null ? 0 : 1;
                isWord = true;
            }
        }

        Take();
        return words;

        void Take()
        {
            if (isWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
        }
    }

    /// <summary>Whether a command, of itself or by a shell, removes a file: that very one, not one whose name begins like it.</summary>
    internal static bool Removes(string command, string file)
    {
        IReadOnlyList<string> words = Words(command.TrimStart('-', '+', '!', ':', '@', '|'));
        if (words.Count > 0 && Shells.Contains(Program(words[0])))
        {
            words = [.. words.Skip(1).SelectMany(static script => Words(script.Replace(';', ' ').Replace('&', ' ')))];
        }

        return words.Select(Program).Any(static program => program is "rm" or "unlink") && words.Any(word => word.StartsWith('/') && HostPath.Same(word, file));
    }

    private static string Program(string word) => word[(word.LastIndexOf('/') + 1)..];
}
