namespace Failover.Scenarios.Postgres.Clients;

/// <summary>A client that can be asked for by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOurs">Whether it is held to the bars.</param>
/// <param name="Create">Makes one: of the nodes' connection string, and that of the proxy before them.</param>
internal sealed record ClusterClientKind(string Name, bool IsOurs, Func<string, string, ClusterClient> Create)
{
    internal const string Failover = "failover";
    internal const string Npgsql = "npgsql";
    internal const string Recheck0 = "npgsql-recheck0";

    // Npgsql's own limits in place of a token, which it does not always heed.
    private const string OneSecond = "Timeout=1;Command Timeout=1;Cancellation Timeout=500";

    /// <summary>All of them, ours first.</summary>
    internal static readonly IReadOnlyList<ClusterClientKind> All =
    [
        new(Failover, true, static (nodes, _) => new FailoverClusterClient(nodes)),
        new("failover-raw", true, static (nodes, _) => new FailoverRawClient(nodes)),
        new(Npgsql, false, static (nodes, _) => new NpgsqlMultiHostClient(nodes, hasToken: true)),
        new("npgsql-recheck1", false, static (nodes, _) => new NpgsqlMultiHostClient($"{nodes};Host Recheck Seconds=1;{OneSecond}", hasToken: false)),
        new(Recheck0, false, static (nodes, _) => new NpgsqlMultiHostClient($"{nodes};Host Recheck Seconds=0;{OneSecond}", hasToken: false)),
        new("haproxy", false, static (_, proxy) => new NpgsqlProxyClient($"{proxy};{OneSecond}")),
    ];

    /// <summary>Whether a name is one of ours.</summary>
    internal static bool IsOneOfOurs(string name) => All.Any(kind => kind.IsOurs && kind.Name == name);
}
