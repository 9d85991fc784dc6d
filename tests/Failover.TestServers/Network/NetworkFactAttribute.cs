using Xunit;

namespace Failover.TestServers.Network;

/// <summary>A test that needs hosts with networks of their own, which only root can make, and maybe programs. With <c>CI=true</c> it always runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class NetworkFactAttribute : FactAttribute
{
    /// <summary>Initializes a test that needs these programs.</summary>
    public NetworkFactAttribute(params string[] programs) =>
        Skip = new ServerFactAttribute([.. programs, "ip"]).Skip
            ?? (Environment.GetEnvironmentVariable("CI") == "true" ? null : NetworkSite.Missing);
}
