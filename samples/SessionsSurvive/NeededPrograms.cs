using Failover.TestServers;

namespace SessionsSurvive;

/// <summary>What has to be installed: Redis and its sentinels are real ones.</summary>
internal static class NeededPrograms
{
    /// <summary>Says what is missing and how to get it; null if nothing is.</summary>
    internal static string? WhatIsMissing()
    {
        if (OperatingSystem.IsWindows())
        {
            return "This does not run on Windows: the servers are ended by signals. It runs in WSL.";
        }

        return RequiredServer.Find("redis-server") is not null
            ? null
            : """
              A real Redis with sentinels is started here, and redis-server is not installed.
              On Debian and Ubuntu: apt-get install --no-install-recommends redis-server; on macOS: brew install redis
              or, on Debian without its service being started: eng/install-servers.sh
              """;
    }
}
