using Failover.TestServers;

namespace NightlyJob;

/// <summary>What has to be installed: etcd is a real one.</summary>
internal static class NeededPrograms
{
    /// <summary>Says what is missing and how to get it; null if nothing is.</summary>
    internal static string? WhatIsMissing()
    {
        if (OperatingSystem.IsWindows())
        {
            return "This does not run on Windows: the servers are ended by signals. It runs in WSL.";
        }

        return RequiredServer.Find("etcd") is not null
            ? null
            : """
              A real etcd of three members is started here, and etcd is not installed.
              On Debian and Ubuntu: apt-get install --no-install-recommends etcd-server; on macOS: brew install etcd
              or, on Debian without its service being started: eng/install-servers.sh
              """;
    }
}
