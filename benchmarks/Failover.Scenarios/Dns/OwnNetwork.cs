using System.Diagnostics;
using Failover.Scenarios.Servers;
using Failover.TestServers;
using Failover.TestServers.Network;

namespace Failover.Scenarios.Dns;

/// <summary>
/// This program, started again in a network of its own, where the system's resolver asks 127.0.0.1: each client there finds names as it does everywhere, and each loopback address and port is free.
/// </summary>
internal static class OwnNetwork
{
    /// <summary>What the program is started with there.</summary>
    internal const string Inside = "dns-inside";

    // What is mounted is seen by this process and those that it starts, and is gone with them.
    private const string Begin = """ip link set lo up && mount --bind "$1" /etc/resolv.conf && shift && exec "$@" """;

    internal static readonly IReadOnlyList<string> Programs = ["unshare", "mount"];

    /// <summary>Gets why there can be none here; null if there can.</summary>
    internal static string? Missing => NetworkSite.IsPossible ? null : "Only root can make a network of its own, on Linux, with iproute2.";

    /// <summary>Runs the scenario there, and ends it with this process.</summary>
    /// <returns>Its exit code.</returns>
    internal static async Task<int> RunAsync(params IEnumerable<string> arguments)
    {
        string resolver = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(resolver, "nameserver 127.0.0.1\n");
            ProcessStartInfo start = new(RequiredServer.Locate("unshare"), ["--net", "--mount", "/bin/sh", "-c", Begin, "own-network", resolver, .. ChildProcess.Command([Inside, .. arguments])])
            {
                RedirectStandardInput = true,
                UseShellExecute = false,
            };
            using Process inside = Process.Start(start)!;
            try
            {
                await inside.WaitForExitAsync();
                return inside.ExitCode;
            }
            finally
            {
                inside.StandardInput.Close();
            }
        }
        finally
        {
            File.Delete(resolver);
        }
    }

    /// <summary>Ends this process when its input does: it must not outlive who started it.</summary>
    internal static void EndWithInput() => new Thread(static () =>
    {
        while (Console.In.ReadLine() is not null)
        {
        }

        Environment.Exit(3);
    })
    { IsBackground = true, Name = "input" }.Start();
}
