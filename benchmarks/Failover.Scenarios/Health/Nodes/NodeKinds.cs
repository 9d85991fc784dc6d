namespace Failover.Scenarios.Health.Nodes;

/// <summary>The endpoints that are compared. Each answers at <c>/health</c> of a server of its own.</summary>
internal static class NodeKinds
{
    internal const string Failover = "failover";

    /// <summary>No health check at all: what an answer costs that knows nothing.</summary>
    internal const string MapGet = "mapget-ok";

    internal const string Stock = "maphealthchecks";

    /// <summary>The same with the response writer of AspNetCore.HealthChecks.UI.Client.</summary>
    internal const string Ui = "uiresponsewriter";

    internal static readonly IReadOnlyList<string> All = [Failover, MapGet, Stock, Ui];

    internal static readonly IReadOnlyList<string> WithChecks = [Failover, Stock, Ui];
}
