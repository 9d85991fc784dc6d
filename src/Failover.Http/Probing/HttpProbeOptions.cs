namespace Failover.Http;

/// <summary>How the members of an HTTP group are probed: <c>Failover:Groups:&lt;name&gt;:Probe</c>. How often, and how long a probe may take, is set in <see cref="DetectionOptions"/>. May be changed while running.</summary>
public sealed class HttpProbeOptions
{
    /// <summary>Gets or sets what is asked for with GET, under the member's own base path; it may hold a query.</summary>
    /// <value>The default is <c>/health</c>; it begins with a slash.</value>
    public string Path { get; set; } = "/health";

    /// <summary>Gets or sets which statuses say that the member works.</summary>
    /// <value>The default is <c>2xx</c>; statuses, ranges and classes separated by commas, from 200 to 599: <c>200</c>, <c>200,204</c>, <c>200-299,401</c>, <c>2xx</c>.</value>
    public string ExpectedStatus { get; set; } = "2xx";

    /// <summary>Gets or sets a text that must stand within the first 64 KiB of the answer's body, compared byte by byte as UTF-8.</summary>
    /// <value>The default is null: the body does not matter.</value>
    public string? BodyContains { get; set; }

    /// <summary>Gets or sets the lowest version of HTTP to ask with. Over TLS a higher one is taken if the member offers it; <c>2.0</c> without TLS is for members that speak nothing else, like gRPC servers.</summary>
    /// <value>The default is <c>1.1</c>; <c>1.0</c>, <c>1.1</c>, <c>2.0</c> or <c>3.0</c>.</value>
    public string HttpVersion { get; set; } = "1.1";
}
