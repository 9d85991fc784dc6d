using System.Globalization;

namespace Failover.Keepalived.Doctor.Hosts;

/// <summary>A process of the host.</summary>
internal sealed record HostProcess(int Id, string Name, bool IsZombie, IReadOnlyList<string> Command)
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>A process by its id; null if there is none.</summary>
    internal static HostProcess? Of(IHost host, int id)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
        if (host.Read($"{folder}/stat", MaxBytes) is not { } stat || stat.IndexOf('(', StringComparison.Ordinal) is not (>= 0 and var start) || stat.LastIndexOf(')') is not (var end and > 0) || end <= start)
        {
            return null;
        }

        string[] command = (host.Read($"{folder}/cmdline", MaxBytes) ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return new(id, stat[(start + 1)..end], stat[(end + 1)..].TrimStart().StartsWith('Z'), command);
    }
}
