using Failover.TestServers;

namespace VirtualIp;

/// <summary>What has to be there: the network and keepalived are real ones.</summary>
internal static class NeededPrograms
{
    private static readonly (string Program, string Package)[] Needed = [("keepalived", "keepalived"), ("ip", "iproute2"), ("setpriv", "util-linux"), ("curl", "curl")];

    /// <summary>Says what is missing and how to get it; null if nothing is.</summary>
    internal static string? WhatIsMissing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "This needs Linux, with its network namespaces and keepalived.";
        }

        (string Program, string Package)[] missing = [.. Needed.Where(static needed => RequiredServer.Find(needed.Program) is null)];
        List<string> wanted = [];
        if (!Environment.IsPrivilegedProcess)
        {
            wanted.Add("root, who alone can make networks and give out addresses (sudo dotnet run --project samples/VirtualIp)");
        }

        if (missing.Length > 0)
        {
            wanted.Add($"{string.Join(", ", missing.Select(static one => one.Program))} (apt-get install --no-install-recommends {string.Join(' ', missing.Select(static one => one.Package))})");
        }

        return wanted.Count == 0 ? null : $"This needs {string.Join(", and ", wanted)}.";
    }
}
