using System.Globalization;

namespace Failover.HealthChecks.Checks.Memory;

/// <summary>Finds the limit that this process is nearest to.</summary>
/// <param name="root">Where the files of Linux begin: <c>/</c>, but for tests. Elsewhere there are none, and the runtime tells.</param>
internal sealed class MemoryReader(string root)
{
    private readonly ControlGroups _groups = new(root);

    internal MemoryUse Read()
    {
        MemoryUse machine = Machine() ?? Runtime();
        return _groups.Limits(machine.LimitBytes).MaxBy(static use => use.UsedPercent) ?? machine;
    }

    private MemoryUse? Machine()
    {
        long total = 0;
        long available = -1;
        try
        {
            foreach (string line in File.ReadLines(Path.Combine(root, "proc/meminfo")))
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length >= 2 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes))
                {
                    (total, available) = words[0] switch
                    {
                        "MemTotal:" => (kibibytes * 1024, available),
                        "MemAvailable:" => (total, kibibytes * 1024),
                        _ => (total, available),
                    };
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return total > 0 && available >= 0 ? new(total - available, total, MemoryLimit.Machine) : null;
    }

    /// <summary>What the runtime knows: the load of the machine as of the last collection.</summary>
    private static MemoryUse Runtime()
    {
        GCMemoryInfo info = GC.GetGCMemoryInfo();
        return new(Math.Max(info.MemoryLoadBytes, Environment.WorkingSet), Math.Max(1, info.TotalAvailableMemoryBytes), MemoryLimit.Runtime);
    }
}
