namespace Failover.AspNetCore;

/// <summary>What holds for every health endpoint, in <c>Failover:HealthEndpoints</c>. None of it can change while the app runs.</summary>
public sealed class HealthEndpointsOptions
{
    /// <summary>Gets or sets which JSON the endpoints speak.</summary>
    /// <value>The default is <see cref="HealthFormat.HealthJson"/>.</value>
    public HealthFormat Format { get; set; }

    /// <summary>Gets or sets the name of the authorization policy that a caller must satisfy to see more than the status; nobody is refused the status. It must be one that <c>AddAuthorization()</c> knows: else the app does not start.</summary>
    /// <value>The default is null: nobody.</value>
    public string? DetailsPolicy { get; set; }

    /// <summary>
    /// Gets or sets the local port on which every caller sees more than the status: one that only the network of the operators reaches. The server must listen there, which is set where its other addresses are. It is the port that the
    /// connection came to; nothing that a caller writes into a request changes it.
    /// </summary>
    /// <value>The default is null: none. From 1 to 65535.</value>
    public int? ManagementPort { get; set; }
}
