using Failover.TestServers.Network;

namespace Failover.TestServers.Virtual;

/// <summary>A test that needs a <see cref="VirtualSite"/>, which only root can make. Skipped where something is missing; with <c>CI=true</c> it runs, and fails saying what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SiteFactAttribute : NetworkFactAttribute
{
    /// <summary>Initializes a test that needs a site.</summary>
    public SiteFactAttribute()
        : base([.. VirtualSite.Programs])
    {
    }
}
