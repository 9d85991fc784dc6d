using System.Globalization;
using Failover.Keepalived.Doctor.Hosts;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>keepalived itself, by its process id files: with one of somebody who lives it says that it is running already, and ends.</summary>
internal sealed class Daemon
{
    private const string Program = "keepalived";
    private const int MaxBytes = 64;

    private Daemon(IReadOnlyList<(string Path, string Text, HostProcess? Process)> files) => Files = files;

    /// <summary>Whether the one that runs was told to enter a network.</summary>
    internal bool HasNamespaceOption => Files.Any(static file => file.Process is { } process && IsKeepalived(process)
        && process.Command.Any(static word => word is "-s" or "--namespace" || word.StartsWith("--namespace=", StringComparison.Ordinal) || (word.StartsWith("-s", StringComparison.Ordinal) && !word.StartsWith("--", StringComparison.Ordinal))));

    private IReadOnlyList<(string Path, string Text, HostProcess? Process)> Files { get; }

    internal static Daemon Of(Examination e) => new(
        [
            .. from path in Paths(e)
               let text = e.Host.Read(path, MaxBytes)?.Trim()
               where text is not null
               select (path, text, int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? HostProcess.Of(e.Host, id) : null),
        ]);

    internal static void Look(Examination e)
    {
        foreach ((string path, string text, HostProcess? process) in Of(e).Files)
        {
            if (process is not null && (process.IsZombie || !IsKeepalived(process)))
            {
                e.Error(DoctorCode.PidStale, path, $"It names process {text}, which is {(process.IsZombie ? "dead and not reaped" : $"{process.Name}, not keepalived")}: keepalived says that it is running already, and does not start.", $"rm {path}; in a container let something reap processes, like tini.");
            }
        }
    }

    // Its children may be renamed (process_names); the program stays the same.
    private static bool IsKeepalived(HostProcess process) =>
        process.Name.StartsWith(Program, StringComparison.Ordinal) || (process.Command is [var program, ..] && program.Split('/')[^1] == Program);

    private static IEnumerable<string> Paths(Examination e)
    {
        if (e.Options.PidFile is { } given)
        {
            return [given];
        }

        string? instance = e.Tree.All("instance").FirstOrDefault()?.Value;
        string folder = e.Tree.All("instance", "net_namespace", "use_pid_dir").Any() ? "/run/keepalived" : "/run";
        string ending = instance is null ? ".pid" : $"_{instance}.pid";
        return [$"{folder}/keepalived{ending}", $"{folder}/vrrp{ending}"];
    }
}
