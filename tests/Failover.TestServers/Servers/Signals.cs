using System.Globalization;
using System.Runtime.InteropServices;

namespace Failover.TestServers.Servers;

/// <summary>Signals to processes, and what became of them. Not on Windows.</summary>
internal static partial class Signals
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Stops a process with SIGSTOP, and then the processes that it has begun: its sockets stay open, and nothing answers. On Linux each of its threads has stopped when this returns.</summary>
    internal static void Freeze(int processId)
    {
        Send(processId, OperatingSystem.IsMacOS() ? 17 : 19);
        SpinWait.SpinUntil(() => HasStopped(processId), Limit);
        foreach (int child in ChildrenOf(processId))
        {
            Freeze(child);
        }
    }

    /// <summary>Lets a frozen process, and those that it has begun, go on.</summary>
    internal static void Thaw(int processId)
    {
        foreach (int child in ChildrenOf(processId))
        {
            Thaw(child);
        }

        Send(processId, OperatingSystem.IsMacOS() ? 19 : 18);
    }

    /// <summary>Ends a process at once, and then those that it has begun.</summary>
    internal static void Kill(int processId)
    {
        List<int> children = ChildrenOf(processId);
        Send(processId, 9);
        children.ForEach(Kill);
    }

    /// <summary>Stops all processes that work in a folder; each of their threads has stopped when this returns.</summary>
    internal static void FreezeAll(string folder)
    {
        // One that is begun meanwhile is seen in the next round.
        HashSet<int> frozen = [];
        while (In(folder).Where(frozen.Add).ToList() is [_, ..] running)
        {
            running.ForEach(static process => Send(process, 19));
            running.ForEach(static process => SpinWait.SpinUntil(() => HasStopped(process), Limit));
        }
    }

    /// <summary>Lets all processes that work in a folder go on.</summary>
    internal static void ThawAll(string folder) => In(folder).ForEach(static process => Send(process, 18));

    /// <summary>Ends a process at once, and then all that work in a folder.</summary>
    internal static void KillAll(string folder, int first)
    {
        // Found before the first is killed: they are to end at the same time.
        List<int> others = In(folder);
        Send(first, 9);
        bool haveEnded = SpinWait.SpinUntil(
            () =>
            {
                others.ForEach(static process => Send(process, 9));
                return (others = In(folder)).Count == 0;
            },
            Limit);
        if (!haveEnded)
        {
            throw new InvalidOperationException($"Processes {string.Join(", ", others)} in {folder} do not end.");
        }
    }

    /// <summary>Tells a process to read its settings again, with SIGHUP.</summary>
    internal static void Reload(int processId) => Send(processId, 1);

    /// <summary>Asks a process to end, with SIGTERM.</summary>
    internal static void Terminate(int processId) => Send(processId, 15);

    /// <summary>Ends one process at once.</summary>
    internal static void KillAlone(int processId) => Send(processId, 9);

    /// <summary>Tells whether a process has not ended.</summary>
    internal static bool IsAlive(int processId) => StatOf($"/proc/{processId}") is [not "Z", ..];

    /// <summary>The processes whose working folder is this one, or in it; Linux alone tells. Those that have ended have none.</summary>
    private static List<int> In(string folder)
    {
        List<int> processes = [];
        foreach (string process in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && WorkingFolderOf(process) is { } its && (its == folder || its.StartsWith(folder + "/", StringComparison.Ordinal)))
            {
                processes.Add(id);
            }
        }

        return processes;
    }

    private static string? WorkingFolderOf(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Send(int processId, int signal)
    {
        // No such process (3): a child that has ended by itself.
        if (kill(processId, signal) != 0 && Marshal.GetLastPInvokeError() != 3)
        {
            throw new InvalidOperationException($"Process {processId} could not be sent signal {signal}.");
        }
    }

    /// <summary>The signal is on its way when <c>kill</c> returns; a thread that runs meanwhile may still answer.</summary>
    private static bool HasStopped(int processId)
    {
        string threads = $"/proc/{processId}/task";
        return !Directory.Exists(threads) || Directory.GetDirectories(threads).All(static thread => StatOf(thread) is not [var state, ..] || state is "T" or "Z");
    }

    private static List<int> ChildrenOf(int processId)
    {
        string parent = processId.ToString(CultureInfo.InvariantCulture);
        List<int> children = [];
        foreach (string folder in Directory.Exists("/proc/self") ? Directory.GetDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && StatOf(folder) is [_, var its, ..] && its == parent)
            {
                children.Add(id);
            }
        }

        return children;
    }

    /// <summary>State, parent and so on; null if it has ended.</summary>
    private static string[]? StatOf(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int processId, int signal);
}
