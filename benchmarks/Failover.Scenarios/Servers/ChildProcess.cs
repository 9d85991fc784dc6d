using System.Diagnostics;

namespace Failover.Scenarios.Servers;

/// <summary>This program, started again for another purpose.</summary>
internal static class ChildProcess
{
    internal static Process Start(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };

        // Started as `dotnet Failover.Scenarios.dll`, the program is the first argument; started by its own name, it is the process itself.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
