using System.Diagnostics;

namespace Failover.Scenarios.Servers;

/// <summary>This program, started again for another purpose.</summary>
internal static class ChildProcess
{
    internal static Process Start(params IEnumerable<string> arguments)
    {
        string[] command = [.. Command(arguments)];
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
    }

    /// <summary>The program and its arguments.</summary>
    internal static IEnumerable<string> Command(IEnumerable<string> arguments) =>
    [
        Environment.ProcessPath!,

        // Started as `dotnet Failover.Scenarios.dll`, the program is the first argument; started by its own name, it is the process itself.
        .. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ChildProcess).Assembly.Location] : Array.Empty<string>(),
        .. arguments,
    ];
}
