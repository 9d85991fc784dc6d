using System.Globalization;

namespace Failover.HealthChecks.Checks.Memory;

/// <summary>Reads the memory limits of the control groups that this process stands in, from the files of Linux.</summary>
/// <param name="root">Where the files begin: <c>/</c>, but for tests.</param>
internal sealed class ControlGroups(string root)
{
    private static readonly (MemoryLimit LimitOf, string Limit, string Used, string Reclaimable) Version2 = (MemoryLimit.ControlGroupV2, "memory.max", "memory.current", "inactive_file");
    private static readonly (MemoryLimit LimitOf, string Limit, string Used, string Reclaimable) Version1 = (MemoryLimit.ControlGroupV1, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");

    /// <summary>Returns the limits below <paramref name="machineBytes"/>: a group's own, and those of the groups around it.</summary>
    internal IEnumerable<MemoryUse> Limits(long machineBytes)
    {
        string[] groups = Lines("proc/self/cgroup");
        foreach (string mount in Lines("proc/self/mountinfo"))
        {
            // 36 35 98:0 /inside /where options - type source super-options
            string[] halves = mount.Split(" - ");
            string[] place = halves[0].Split(' ');
            string[] type = halves.Length == 2 ? halves[1].Split(' ') : [];
            if (place.Length < 5 || type.Length < 3)
            {
                continue;
            }

            bool isVersion2 = type[0] == "cgroup2";
            if (!isVersion2 && !(type[0] == "cgroup" && type[2].Split(',').Contains("memory")))
            {
                continue;
            }

            string? own = groups.Select(line => line.Split(':', 3)).FirstOrDefault(parts => parts.Length == 3 && (isVersion2 ? parts[0] == "0" : parts[1].Split(',').Contains("memory")))?[2];
            foreach (string folder in Upwards(own ?? "/", inside: place[3], where: place[4]))
            {
                if (Read(folder, isVersion2 ? Version2 : Version1) is { } use && use.LimitBytes < machineBytes)
                {
                    yield return use;
                }
            }
        }
    }

    /// <summary>From the process's own group up to the mount. In a container without a namespace of its own the group's path is the host's, and the mount shows but the part inside.</summary>
    private static IEnumerable<string> Upwards(string own, string inside, string where)
    {
        string below = inside == "/" ? own
            : own == inside || own.StartsWith(inside + "/", StringComparison.Ordinal) ? own[inside.Length..]
            : "";
        if (below.Contains("..", StringComparison.Ordinal))
        {
            below = "";
        }

        for (below = below.TrimEnd('/'); below.Length > 0; below = below[..below.LastIndexOf('/')])
        {
            yield return where + below;
        }

        yield return where;
    }

    private MemoryUse? Read(string folder, (MemoryLimit LimitOf, string Limit, string Used, string Reclaimable) files)
    {
        // "max" is no number; in version 1 no limit is a number higher than any machine has.
        if (Number($"{folder}/{files.Limit}") is not { } limit || Number($"{folder}/{files.Used}") is not { } used || limit == 0)
        {
            return null;
        }

        long reclaimable = Lines($"{folder}/memory.stat").Select(line => line.Split(' ')).FirstOrDefault(pair => pair.Length == 2 && pair[0] == files.Reclaimable) is { } found
            && long.TryParse(found[1], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;
        return new(Math.Max(0, used - reclaimable), limit, files.LimitOf);
    }

    private long? Number(string path) => Lines(path) is [var line, ..] && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(root, path.TrimStart('/')));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
