using Microsoft.Extensions.Configuration;

namespace Failover.Configuration;

/// <summary>All keys and values of a section in one text, to tell whether something in it has changed. Never to be shown.</summary>
internal static class Fingerprint
{
    internal static string Of(IConfigurationSection section) =>
        string.Join('\n', section.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null).Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
}
