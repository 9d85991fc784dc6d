using System.Text;
using System.Text.RegularExpressions;

namespace Failover.Architecture.Tests.Docs;

/// <summary>
/// Keeps the C# on a page equal to code that is compiled, and configuration equal to files that tests use. Above each block stands where it comes from,
/// <c>&lt;!-- sample: samples/X/Program.cs#name --&gt;</c> for the region <c>docs:name</c> of that file,
/// or, for C#, why it is not compiled: <c>&lt;!-- not compiled: reason --&gt;</c>.
/// </summary>
internal static partial class DocsPage
{
    private const string CSharp = "```csharp";

    /// <summary>The page with every marked block as the code now is, and what is wrong with the marks.</summary>
    /// <param name="page">The text of the page.</param>
    /// <param name="read">Gives the text of a file, by its path from the root of the repository; null if there is none.</param>
    internal static (string Page, IReadOnlyList<string> Problems) Refresh(string page, Func<string, string?> read)
    {
        string[] lines = page.Split('\n');
        StringBuilder refreshed = new();
        List<string> problems = [];
        bool excused = false;

        for (int at = 0; at < lines.Length; at++)
        {
            string line = lines[at];
            if (Sample().Match(line) is { Success: true } mark)
            {
                string? code = Region(read, mark.Groups["file"].Value, mark.Groups["name"].Value);
                if (code is null)
                {
                    problems.Add($"line {at + 1}: no such region in samples/ or tests/: {mark.Groups["file"].Value}#{mark.Groups["name"].Value}");
                    refreshed.Append(line).Append('\n');
                    excused = true;
                    continue;
                }

                string fence = FenceOf(mark.Groups["file"].Value);
                refreshed.Append(line).Append('\n').Append(fence).Append('\n').Append(code).Append("\n```\n");
                at = EndOfBlock(lines, at, fence);
            }
            else
            {
                if (CSharpFence().IsMatch(line) && !excused)
                {
                    problems.Add($"line {at + 1}: a C# block has no mark above it that says where it comes from, or why it is not compiled.");
                }

                refreshed.Append(line).Append('\n');
                excused = NotCompiled().IsMatch(line) || (excused && line.Length == 0);
            }
        }

        refreshed.Length--;      // the last line had no newline of its own
        return (refreshed.ToString(), problems);
    }

    /// <summary>The last line of what belongs to a mark: of the block below it, or the mark itself where there is none yet.</summary>
    private static int EndOfBlock(string[] lines, int mark, string fence)
    {
        int start = mark + 1;
        while (start < lines.Length && lines[start].Length == 0)
        {
            start++;
        }

        if (start == lines.Length || !(lines[start] == fence || (fence == CSharp && CSharpFence().IsMatch(lines[start]))))
        {
            return mark;
        }

        int end = Array.FindIndex(lines, start + 1, line => line.StartsWith("```", StringComparison.Ordinal));
        return end < 0 ? lines.Length - 1 : end;
    }

    private static string FenceOf(string file) => Path.GetExtension(file) is ".cs" ? CSharp : "```" + Path.GetExtension(file).TrimStart('.');

    private static string? Region(Func<string, string?> read, string file, string name)
    {
        bool compiled = file.StartsWith("samples/", StringComparison.Ordinal) || file.StartsWith("tests/", StringComparison.Ordinal);
        if (!compiled || read(file) is not { } text)
        {
            return null;
        }

        string[] lines = text.Replace("\r", "", StringComparison.Ordinal).Split('\n');
        int start = Array.FindIndex(lines, line => line.Trim() == $"#region docs:{name}");
        int end = start < 0 ? -1 : Array.FindIndex(lines, start, line => line.Trim() == "#endregion");
        if (end < 0)
        {
            return null;
        }

        string[] code = lines[(start + 1)..end];
        int indent = code.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', code.Select(line => line.Length == 0 ? line : line[indent..])).Trim('\n');
    }

    [GeneratedRegex(@"^\s*<!-- sample: (?<file>[^#\s]+)#(?<name>\S+) -->\s*$")]
    private static partial Regex Sample();

    [GeneratedRegex(@"^\s*<!-- not compiled: \S.* -->\s*$")]
    private static partial Regex NotCompiled();

    [GeneratedRegex(@"^\s*(```|~~~)\s*(csharp|cs|c#)(\s|$)", RegexOptions.IgnoreCase)]
    private static partial Regex CSharpFence();
}
