using System.Globalization;
using System.Text.RegularExpressions;
using Failover.Architecture.Tests.Packages;

namespace Failover.Architecture.Tests.Source;

/// <summary>Event ids are a promise to users: each is used once, within its package's block of 1000.</summary>
internal static partial class EventIds
{
    internal static IEnumerable<string> Violations(IEnumerable<SourceFile> files, IReadOnlyList<PackageRule> rules)
    {
        Dictionary<int, string> first = [];
        foreach (SourceFile file in files)
        {
            foreach (Match message in Message().Matches(file.Text))
            {
                if (!int.TryParse(message.Groups["id"].Value, CultureInfo.InvariantCulture, out int id))
                {
                    yield return $"{file.Path}: a message has no event id written as a number.";
                    continue;
                }

                int block = rules.SingleOrDefault(rule => rule.Id == file.Package)?.EventIds ?? 0;
                if (id < block || id >= block + 1000)
                {
                    yield return $"{file.Path}: event id {id} is not in {file.Package}'s block, {block} to {block + 999}.";
                }

                if (!first.TryAdd(id, file.Path))
                {
                    yield return $"{file.Path}: event id {id} is used already, in {first[id]}.";
                }
            }
        }
    }

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d+)?")]
    private static partial Regex Message();
}
