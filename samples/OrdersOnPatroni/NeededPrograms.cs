using Failover.TestServers;

namespace OrdersOnPatroni;

/// <summary>What has to be installed: the cluster is a real one.</summary>
internal static class NeededPrograms
{
    private static readonly (string Program, string Package)[] Needed =
        [("patroni", "patroni python3-etcd"), ("etcd", "etcd-server"), ("postgres", "postgresql"), ("initdb", "postgresql"), .. Environment.IsPrivilegedProcess ? [("setpriv", "util-linux")] : Array.Empty<(string, string)>()];

    /// <summary>Says what is missing and how to get it; null if nothing is.</summary>
    internal static string? WhatIsMissing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "This needs Linux: the nodes of the cluster are ended by signals, and found in /proc. On Windows it runs in WSL.";
        }

        (string Program, string Package)[] missing = [.. Needed.Where(needed => RequiredServer.Find(needed.Program) is null)];
        return missing.Length == 0
            ? null
            : $"""
               A real Patroni cluster is started here, and these programs are not installed: {string.Join(", ", missing.Select(static one => one.Program))}.
               On Debian and Ubuntu: apt-get install --no-install-recommends {string.Join(' ', missing.Select(static one => one.Package).Distinct())}
               or, without their services being started: eng/install-servers.sh
               """;
    }
}
