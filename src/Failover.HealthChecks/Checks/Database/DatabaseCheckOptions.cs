namespace Failover.HealthChecks;

/// <summary>What a database check does: <c>AddDatabase(…)</c>.</summary>
public sealed class DatabaseCheckOptions
{
    /// <summary>Gets or sets the round trip: a query whose result does not matter. It should be cheap.</summary>
    /// <value>The default is <c>SELECT 1</c>.</value>
    public string Query { get; set; } = "SELECT 1";

    /// <summary>
    /// Gets or sets a statement that writes, like <c>UPDATE health SET at = now() WHERE id = 1</c>; null for none. Each run of the check executes it, in a transaction of its own as the provider makes it: it must be harmless, and its table yours.
    /// A server that takes no writes, such as a standby, then fails the check.
    /// </summary>
    public string? Write { get; set; }
}
