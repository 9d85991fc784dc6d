using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Failover.Keepalived.Doctor.Hosts;

namespace Failover.Keepalived.Doctor.Reading;

/// <summary>The lines of a configuration and of what it includes, in order, with definitions put in. Bounded in files, depth and length: what is beyond is told and left out.</summary>
internal sealed partial class ConfigSource(IHost host, string? node, Findings findings)
{
    private const int MaxFiles = 200;
    private const int MaxDepth = 10;
    private const int MaxBytes = 1 << 20;
    private const int MaxLine = 8192;

    private readonly Dictionary<string, string> _definitions = new(StringComparer.Ordinal);
    private int _files;

    internal IEnumerable<(string File, int Number, string Text)> Lines(string path) => Lines(path, 0);

    private IEnumerable<(string File, int Number, string Text)> Lines(string path, int depth)
    {
        if (depth > MaxDepth || ++_files > MaxFiles)
        {
            if (_files <= MaxFiles + 1)
            {
                findings.Add(DoctorSeverity.Warning, DoctorCode.NotJudged, path, null, path, $"Files are included more than {MaxDepth} deep, or more than {MaxFiles} of them: the rest was not read.", "Look whether a file includes itself.");
            }

            yield break;
        }

        if (ReadFile(path, isRoot: depth == 0) is not { } content)
        {
            yield break;
        }

        int number = 0;
        bool isContinued = false;
        foreach (string raw in content.Split('\n'))
        {
            number++;
            (string text, bool isQuoteOpen) = LineText.WithoutComment(raw.Length > MaxLine ? raw[..MaxLine] : raw);
            if (isQuoteOpen)
            {
                findings.Add(DoctorSeverity.Error, DoctorCode.Syntax, path, number, "\"", "A quote is opened and not closed in this line.", "Close it: a quoted text cannot go over lines.");
            }

            if (isContinued)
            {
                isContinued = text.EndsWith('\\');
                continue;
            }

            if (Own(path, number, text) is not { } own)
            {
                continue;
            }

            if (own.StartsWith('$') && Definition().Match(own) is { Success: true } definition)
            {
                isContinued = own.EndsWith('\\');
                Define(path, number, definition, isContinued);
            }
            else if (own.StartsWith('~'))
            {
                NotJudged(path, number, own);
            }
            else if (Include().Match(own) is { Success: true } include)
            {
                foreach ((string, int, string) line in Included(path, number, include.Groups["path"].Value, depth))
                {
                    yield return line;
                }
            }
            else if (own.Length > 0)
            {
                yield return (path, number, Replaced(own));
            }
        }
    }

    private string? ReadFile(string path, bool isRoot)
    {
        HostFile? file = host.Look(path);
        if (file is { Kind: HostFileKind.File } && (file.Mode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0)
        {
            findings.Add(DoctorSeverity.Error, DoctorCode.Executable, path, null, path, "The file is executable, and keepalived skips such a file: it runs with an empty configuration, and keepalived -t ends with 0.", $"chmod a-x {path}");
            return isRoot ? host.Read(path, MaxBytes) : null;
        }

        if (file is { Kind: HostFileKind.File } && host.Read(path, MaxBytes) is { } content)
        {
            return content;
        }

        findings.Add(
            isRoot ? DoctorSeverity.Error : DoctorSeverity.Warning,
            isRoot ? DoctorCode.Unreadable : DoctorCode.Include,
            path,
            null,
            path,
            file is null ? "The file is not there." : file.Kind != HostFileKind.File ? "It is not a file, and keepalived skips it." : $"The file cannot be read by this user, or is longer than {MaxBytes >> 10} KiB.",
            isRoot ? "Name the file that keepalived reads, as a user who may read it." : "Mend the include, or remove it.");
        return null;
    }

    // keepalived leaves an include that matches nothing out without an error.
    private IEnumerable<(string File, int Number, string Text)> Included(string path, int number, string pattern, int depth)
    {
        string directory = path[..(path.LastIndexOf('/') + 1)];
        string whole = pattern.StartsWith('/') ? pattern : directory + pattern;
        string folder = whole[..(whole.LastIndexOf('/') + 1)];
        string name = whole[(whole.LastIndexOf('/') + 1)..];
        if (folder.AsSpan().ContainsAny("*?[{") || name.AsSpan().ContainsAny("[{\\"))
        {
            NotJudged(path, number, $"include {pattern}");
            yield break;
        }

        string[] found = name.AsSpan().ContainsAny("*?")
            ? [.. host.List(folder).Where(one => !one.StartsWith('.') && FileSystemName.MatchesSimpleExpression(name, one, ignoreCase: false)).Order(StringComparer.Ordinal)]
            : host.Look(whole) is null ? [] : [name];
        if (found.Length == 0)
        {
            findings.Add(DoctorSeverity.Warning, DoctorCode.Include, path, number, "include", $"There is no file {whole}: keepalived leaves it out, and keepalived -t ends with 0.", "Mend the path, or remove the line.");
        }

        foreach (string one in found)
        {
            foreach ((string, int, string) line in Lines(folder + one, depth + 1))
            {
                yield return line;
            }
        }
    }

    /// <summary>The line if it is for the node (<c>@node-a priority 50</c>); null if it is for another, or that is not known.</summary>
    private string? Own(string path, int number, string text)
    {
        if (!text.StartsWith('@'))
        {
            return text;
        }

        if (node is null)
        {
            findings.Add(DoctorSeverity.Information, DoctorCode.NotJudged, path, number, text.Split(' ', '\t')[0], "This line is for one node only, and by which name keepalived reads this file is not known: the nodes were not compared.", $"Set {nameof(KeepalivedDoctorOptions.PeerConfigId)}.");
            return null;
        }

        bool isReversed = text.StartsWith("@^", StringComparison.Ordinal);
        int end = text.AsSpan().IndexOfAny(' ', '\t');
        bool isOwn = end > 0 && (text[(isReversed ? 2 : 1)..end] == node) != isReversed;
        return isOwn ? text[end..].Trim() : null;
    }

    private void Define(string path, int number, Match definition, bool isContinued)
    {
        if (isContinued)
        {
            NotJudged(path, number, $"${definition.Groups["name"].Value}");
        }
        else
        {
            _definitions[definition.Groups["name"].Value] = definition.Groups["value"].Value;
        }
    }

    private string Replaced(string text)
    {
        // A definition may hold another one; a circle ends with the rounds.
        for (int round = 0; round < 5 && text.Contains('$', StringComparison.Ordinal) && text.Length <= MaxLine; round++)
        {
            text = Use().Replace(text, use => _definitions.GetValueOrDefault(use.Groups["name"].Value, use.Value));
        }

        return text.Length <= MaxLine ? text : text[..MaxLine];
    }

    private void NotJudged(string path, int number, string what) =>
        findings.Add(DoctorSeverity.Information, DoctorCode.NotJudged, path, number, what.Split(' ')[0], "This is not understood here, and what it would add is not examined: definitions over several lines, ~SEQ, ~LST, and patterns of folders.", "Look at what keepalived makes of it: keepalived --dump-conf.");

    [GeneratedRegex(@"^\$(?<name>[A-Za-z_]\w*)\s*=\s*(?<value>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\$(?:\{(?<name>[A-Za-z_]\w*)\}|(?<name>[A-Za-z_]\w*))", RegexOptions.CultureInvariant)]
    private static partial Regex Use();

    [GeneratedRegex(@"^include[rmwba]?\s+(?<path>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Include();
}
