using Failover.TestServers.Network;

namespace Failover.Arbiters.Tests;

/// <summary>A test that needs etcd, and hosts with networks of their own, which only root can make. With <c>CI=true</c> it always runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SiteFactAttribute(params string[] programs) : NetworkFactAttribute([.. programs, "etcd", "etcdctl"]);
