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

    /// <summary>The pages list what the code logs, by id and name, and nothing else.</summary>
    internal static IEnumerable<string> Undocumented(IEnumerable<SourceFile> files, IEnumerable<(string Path, string Text)> pages)
    {
        Dictionary<string, string> listed = [];
        foreach ((string path, string text) in pages)
        {
            foreach (Match row in Row().Matches(text))
            {
                string told = $"{row.Groups["id"].Value} {row.Groups["name"].Value}";
                if (!listed.TryAdd(told, path))
                {
                    yield return $"{path}: event {told} is listed already, in {listed[told]}.";
                }
            }
        }

        HashSet<string> logged = [];
        foreach (SourceFile file in files)
        {
            foreach (Match message in Named().Matches(file.Text))
            {
                string told = $"{message.Groups["id"].Value} {message.Groups["name"].Value}";
                logged.Add(told);
                if (!listed.ContainsKey(told))
                {
                    yield return $"{file.Path}: event {told} is listed on no page: give it a row in docs/observability.md, or on the page of its package.";
                }
            }

            if (Message().Count(file.Text) != Named().Count(file.Text))
            {
                yield return $"{file.Path}: every [LoggerMessage] needs an EventName.";
            }
        }

        foreach (string told in listed.Keys.Except(logged))
        {
            yield return $"{listed[told]}: event {told} is logged nowhere.";
        }
    }

    [GeneratedRegex(@"^\| (?<id>\d{4,5}) \| `(?<name>\w+)` \| ", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d+)[^\]]*?EventName\s*=\s*""(?<name>\w+)""")]
    private static partial Regex Named();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d+)?")]
    private static partial Regex Message();
}
