using Failover;
using Failover.DnsSwitching.Checks;
using Failover.DnsSwitching.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of names that are moved. It bears the tag <c>local</c>, which says whose failure it is.</summary>
public static class DnsCheckExtensions
{
    /// <summary>
    /// Checks whether the name that follows a group could be moved: whether it can be read at its authority, and key and grant were proven. What is wrong makes the check degraded and never unhealthy. Asks nobody.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="groupName">The name of the group for which <c>SwitchDns()</c> was called. That there is such a group is checked when the host starts.</param>
    public static IHealthChecksBuilder AddDnsSwitch(this IHealthChecksBuilder builder, string name, string groupName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupName);
        builder.Services.AddFailover().RequireGroup(groupName, $"The health check '{name}'");
        return builder.Add(new HealthCheckRegistration(name, services => new DnsHealthCheck(services.GetRequiredService<DnsSwitches>, groupName), HealthStatus.Degraded, ["local"]));
    }
}
