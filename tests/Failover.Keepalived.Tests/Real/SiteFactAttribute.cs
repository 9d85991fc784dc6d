using Failover.TestServers;
using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>A test that needs a <see cref="VirtualSite"/>, which only root can make. With <c>CI=true</c> it always runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SiteFactAttribute : FactAttribute
{
    public SiteFactAttribute() =>
        Skip = new ServerFactAttribute("keepalived", "ip", "nft", "setpriv", "curl").Skip
            ?? (VirtualSite.IsPossible || Environment.GetEnvironmentVariable("CI") == "true" ? null : "Only root can make network namespaces.");
}
