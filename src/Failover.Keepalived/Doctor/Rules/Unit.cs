using Failover.Keepalived.Doctor.Hosts;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>A service of systemd: the settings of its file and its drop-ins.</summary>
internal sealed class Unit
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxUnits = 2000;
    private const string Directory = "RuntimeDirectory";

    /// <summary>The first stands over the others.</summary>
    private static readonly string[] Folders = ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    private readonly IReadOnlyList<(string Key, string Value)> _settings;

    private Unit(string name, string path, IReadOnlyList<(string Key, string Value)> settings) => (Name, Path, _settings) = (name, path, settings);

    internal string Name { get; }

    internal string Path { get; }

    internal bool IsOfKeepalived => Name.StartsWith("keepalived", StringComparison.Ordinal);

    internal static IEnumerable<Unit> All(IHost host)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string folder in Folders)
        {
            foreach (string name in host.List(folder).Where(static name => name.EndsWith(".service", StringComparison.Ordinal) || name.EndsWith(".service.d", StringComparison.Ordinal)))
            {
                string unit = name.EndsWith(".d", StringComparison.Ordinal) ? name[..^2] : name;
                if (seen.Count < MaxUnits && seen.Add(unit))
                {
                    yield return new(unit, $"{folder}/{name}", [.. Files(host, unit).SelectMany(file => UnitText.Settings(host.Read(file, MaxBytes) ?? ""))]);
                }
            }
        }
    }

    /// <summary>Whether it makes a directory, or one above it, and removes it when it stops.</summary>
    internal bool RemovesDirectory(string directory) =>
        !IsKept && List(Directory)
            .SelectMany(UnitText.Words)
            .Select(static name => HostPath.Plain($"/run/{name.Split(':')[0]}"))
            .Any(made => directory == made || directory.StartsWith($"{made}/", StringComparison.Ordinal));

    /// <summary>Whether it removes a file before its app starts, or after it has ended.</summary>
    internal bool Removes(string file) => RemovesAtEnd(file) || List("ExecStartPre").Any(command => UnitText.Removes(command, file));

    /// <summary>Whether it removes a file after its app has ended, however that was.</summary>
    internal bool RemovesAtEnd(string file) => List("ExecStopPost").Any(command => UnitText.Removes(command, file));

    // restart keeps it while the unit is started anew, and not when it stops.
    private bool IsKept => _settings.LastOrDefault(static one => one.Key == "RuntimeDirectoryPreserve").Value?.ToLowerInvariant() is "yes" or "y" or "true" or "t" or "on" or "1";

    // Drop-ins count in the order of their names, whatever folder they are in; of one name the first folder's counts.
    private static IEnumerable<string> Files(IHost host, string unit) =>
    [
        .. Folders.Select(folder => $"{folder}/{unit}").Where(file => host.Look(file) is not null).Take(1),
        .. Folders
            .SelectMany(folder => host.List($"{folder}/{unit}.d").Where(static drop => drop.EndsWith(".conf", StringComparison.Ordinal)).Select(drop => (Name: drop, Path: $"{folder}/{unit}.d/{drop}")))
            .DistinctBy(static drop => drop.Name)
            .OrderBy(static drop => drop.Name, StringComparer.Ordinal)
            .Select(static drop => drop.Path),
    ];

    /// <summary>The values of a key that may stand more than once: an empty one takes back those before it.</summary>
    private List<string> List(string key)
    {
        List<string> values = [];
        foreach ((_, string value) in _settings.Where(one => one.Key == key))
        {
            if (value.Length == 0)
            {
                values.Clear();
            }
            else
            {
                values.Add(value);
            }
        }

        return values;
    }
}
