using System.Text.RegularExpressions;

namespace Failover.Architecture.Tests.Docs;

/// <summary>Links of a page to files of the repository, and to headings in them.</summary>
internal static partial class PageLinks
{
    /// <param name="path">The page, from the root of the repository.</param>
    /// <param name="page">Its text.</param>
    /// <param name="read">Gives the text of a file or, empty, that there is such a folder; null if there is neither.</param>
    internal static IEnumerable<string> Broken(string path, string page, Func<string, string?> read)
    {
        foreach (Match link in Link().Matches(Code().Replace(page, "")))
        {
            string file = link.Groups["file"].Value;
            string target = file.Length == 0 ? path : Normal(Path.GetDirectoryName(path)!, file);
            string? text = file.Length == 0 ? page : read(target);
            string heading = link.Groups["heading"].Value;
            if (text is null)
            {
                yield return $"{path}: there is no {target}.";
            }
            else if (heading.Length > 0 && !Heading().Matches(text).Any(one => Anchor(one.Groups[1].Value) == heading))
            {
                yield return $"{path}: {target} has no heading #{heading}.";
            }
        }
    }

    private static string Normal(string folder, string file) => Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, file))).Replace('\\', '/');

    /// <summary>As GitHub makes it.</summary>
    private static string Anchor(string heading) => NotInAnchors().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!\w+:)(?<file>[^)#\s]*)(?:#(?<heading>[^)\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^ *```.*?^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
