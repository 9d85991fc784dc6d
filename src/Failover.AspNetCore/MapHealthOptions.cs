namespace Failover.AspNetCore;

/// <summary>What one call of <c>MapFailoverHealth</c> maps. What is null is as for every endpoint: <see cref="HealthEndpointsOptions"/>.</summary>
public sealed class MapHealthOptions
{
    /// <summary>Gets or sets the local port on which the endpoint answers; on every other one it says 404. Null: on every port.</summary>
    /// <value>From 1 to 65535.</value>
    public int? Port { get; set; }

    /// <summary>Gets the tags of the checks that count; a check with one of them counts, without regard to case. Empty: every check.</summary>
    public ICollection<string> Tags { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets which JSON the endpoint speaks. Null: <see cref="HealthEndpointsOptions.Format"/>.</summary>
    public HealthFormat? Format { get; set; }

    /// <summary>Gets or sets the name of the authorization policy that a caller must satisfy to see more than the status. Null: <see cref="HealthEndpointsOptions.DetailsPolicy"/>.</summary>
    public string? DetailsPolicy { get; set; }

    /// <summary>Gets or sets the local port on which every caller sees more than the status. Null: <see cref="HealthEndpointsOptions.ManagementPort"/>.</summary>
    /// <value>From 1 to 65535.</value>
    public int? ManagementPort { get; set; }

    /// <summary>
    /// Gets or sets whether the request ends in routing, before the app's middleware: one that redirects to https or waits for a database that is down would stand between a prober and its answer. Where the endpoint was given a condition that
    /// middleware has to meet (authorization, CORS, a rate limit), it runs with the middleware all the same.
    /// </summary>
    /// <value>The default is true.</value>
    public bool ShortCircuit { get; set; } = true;
}
