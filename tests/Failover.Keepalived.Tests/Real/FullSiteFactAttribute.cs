using Failover.TestServers;
using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>A test on a site that takes too long for each run: only with <c>--full</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FullSiteFactAttribute : FactAttribute
{
    public FullSiteFactAttribute() => Skip = new FullFactAttribute().Skip ?? new SiteFactAttribute().Skip;
}
