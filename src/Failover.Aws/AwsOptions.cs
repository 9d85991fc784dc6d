namespace Failover.Aws;

/// <summary>How AWS is spoken to: <c>Failover:Aws</c>. Credentials are not among it: they come from AWS's default chain, or from <c>AWSCredentials</c> that the app registers as a service.</summary>
public sealed class AwsOptions
{
    /// <summary>Gets or sets the region in which databases are: <c>eu-west-1</c>.</summary>
    /// <value>The default is null; needed where <see cref="Databases"/> are named.</value>
    public string? Region { get; set; }

    /// <summary>Gets or sets where the API of RDS is; null for that of <see cref="Region"/>.</summary>
    /// <value>The default is null.</value>
    public string? RdsEndpoint { get; set; }

    /// <summary>Gets or sets where the API of Route 53 is: another one in China and for the government of the USA.</summary>
    /// <value>The default is <c>https://route53.amazonaws.com</c>.</value>
    public string Route53Endpoint { get; set; } = "https://route53.amazonaws.com";

    /// <summary>Gets or sets the region with which requests to Route 53 are signed. It is no region of yours: <c>cn-northwest-1</c> in China, <c>us-gov-west-1</c> for the government of the USA.</summary>
    /// <value>The default is <c>us-east-1</c>.</value>
    public string Route53Region { get; set; } = "us-east-1";

    /// <summary>Gets or sets how long one request may take, and the search for credentials.</summary>
    /// <value>The default is 5 seconds; from 100 milliseconds to 1 minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets what is asked of RDS for groups, by their names: <c>db</c>.</summary>
    /// <value>The default is none. Names of groups are compared without regard to case.</value>
    public IDictionary<string, RdsDatabaseOptions> Databases { get; set; } = new Dictionary<string, RdsDatabaseOptions>(StringComparer.OrdinalIgnoreCase);
}
