using Failover;
using Failover.Keepalived.Checks;
using Failover.Keepalived.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of virtual addresses. It bears the tag <c>local</c>, which says whose failure it is.</summary>
public static class KeepalivedCheckExtensions
{
    /// <summary>Checks a virtual address, under the group's name.</summary>
    /// <inheritdoc cref="AddKeepalived(IHealthChecksBuilder, string, string, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddKeepalived(this IHealthChecksBuilder builder, string groupName) => builder.AddKeepalived(groupName, groupName, []);

    /// <summary>
    /// Checks how this node stands with a virtual address: whether keepalived runs, counts what it is told, and one node has the address. What is wrong makes the check degraded and never unhealthy: /health then says 503, and the address stays where it is. Asks nobody.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="groupName">The name of the group. It need not be registered yet; that there is such a group is checked when the host starts.</param>
    /// <param name="tags">Tags of the check.</param>
    public static IHealthChecksBuilder AddKeepalived(this IHealthChecksBuilder builder, string name, string groupName, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupName);
        ArgumentNullException.ThrowIfNull(tags);
        builder.Services.AddFailover().AddKeepalived().RequireGroup(groupName, $"The health check '{name}'");
        return builder.Add(new HealthCheckRegistration(name, services => new KeepalivedHealthCheck(() => services.GetRequiredService<KeepalivedSites>().Of(groupName)), HealthStatus.Degraded, [.. tags, "local"]));
    }
}
