using Failover.TestServers;

namespace DnsPair;

/// <summary>What has to be installed: the name servers and etcd are real ones.</summary>
internal static class NeededPrograms
{
    private static readonly string[] Programs = ["named", "named-journalprint", "nsupdate", "dig", "etcd"];

    /// <summary>Says what is missing and how to get it; null if nothing is.</summary>
    internal static string? WhatIsMissing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "This runs on Linux, where each address of 127.0.0.0/8 is there: the two servers have one each.";
        }

        string[] missing = [.. Programs.Where(static program => RequiredServer.Find(program) is null)];
        return missing.Length == 0
            ? null
            : $"""
              Real name servers (BIND) and a real etcd are started here, and not installed: {string.Join(", ", missing)}.
              On Debian and Ubuntu: apt-get install --no-install-recommends bind9 bind9-dnsutils etcd-server
              or, without their services being started: eng/install-servers.sh
              """;
    }
}
