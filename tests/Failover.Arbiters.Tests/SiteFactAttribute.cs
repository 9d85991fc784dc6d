using Failover.TestServers;
using Failover.TestServers.Network;

namespace Failover.Arbiters.Tests;

/// <summary>A test that needs etcd, and hosts with networks of their own, which only root can make. With <c>CI=true</c> it always runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SiteFactAttribute : FactAttribute
{
    public SiteFactAttribute(params string[] programs) =>
        Skip = new ServerFactAttribute([.. programs, "etcd", "etcdctl", "ip"]).Skip
            ?? (NetworkSite.IsPossible || Environment.GetEnvironmentVariable("CI") == "true" ? null : "Only root can make network namespaces.");
}
