namespace Failover.Http;

/// <summary>One member of an HTTP group. In configuration a plain address stands for a member without a name.</summary>
public sealed class HttpMemberOptions
{
    /// <summary>Gets or sets the label for logs, metrics and people.</summary>
    /// <value>The default is null: the address's host and port.</value>
    public string? Name { get; set; }

    /// <summary>Gets or sets the address: <c>http</c> or <c>https</c>, with a base path if need be, without user information, query and fragment.</summary>
    /// <value>There is no default.</value>
    public string Address { get; set; } = "";
}
