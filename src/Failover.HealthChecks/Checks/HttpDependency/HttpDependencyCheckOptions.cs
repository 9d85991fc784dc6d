namespace Failover.HealthChecks;

/// <summary>What a check of an HTTP dependency asks and expects: <c>AddHttpDependency(…)</c>.</summary>
public sealed class HttpDependencyCheckOptions
{
    /// <summary>Gets or sets the method.</summary>
    /// <value>The default is GET; GET, HEAD and OPTIONS are allowed: a check must change nothing.</value>
    public HttpMethod Method { get; set; } = HttpMethod.Get;

    /// <summary>Gets the statuses that pass; if it is empty, 200 to 299 do. A redirect is not followed, and passes if its status stands here.</summary>
    /// <value>Empty by default; each from 200 to 599.</value>
    public ICollection<int> ExpectedStatuses { get; } = [];

    /// <summary>Gets or sets how long the answer may take, up to the end of its headers. Null: the timeout of the check, as for every check.</summary>
    /// <value>The default is null; from 10 milliseconds to 10 minutes.</value>
    public TimeSpan? Timeout { get; set; }
}
