using System.Text.RegularExpressions;

namespace Failover.Architecture.Tests.House;

/// <summary>What must not be committed: a path of somebody's machine, the address of a package registry.</summary>
internal static partial class PrivateWords
{
    internal static IEnumerable<string> In(string file, string text) =>
        from line in text.Split('\n').Select((content, index) => (content, number: index + 1))
        from Match match in MachinePath().Matches(line.content).Concat(Registry().Matches(line.content))
        select $"{file}:{line.number} holds {match.Value}";

    // Not a part of a longer path or of a URL: it begins where a path can begin.
    [GeneratedRegex(@"(?<![\w./}>*-])/(?:work|root|home/\w+|Users/\w+)/|\b[A-Z]:\\+(?:Users|src|work)\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"[\w.-]+(?:/[\w.-]+)*/v3/" + @"index\.json|api\.nuget\." + "org", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();
}
