using System.Collections.Immutable;
using Failover.PostgreSql.Patroni;

namespace Failover.PostgreSql.Rds;

/// <summary>What the functions of RDS and Aurora say of their instances, as lists of nodes. Pure.</summary>
internal static class RdsTopology
{
    /// <summary>Which of the functions there are: Aurora's, and those of a Multi-AZ DB cluster.</summary>
    internal const string Functions = "SELECT to_regproc('pg_catalog.aurora_replica_status') IS NOT NULL, to_regproc('rds_tools.show_topology') IS NOT NULL";

    /// <summary>Each instance, whether it is the writer, and where it is; Aurora gives no address.</summary>
    internal const string Aurora = "SELECT server_id, session_id = 'MASTER_SESSION_ID', NULL::text, NULL::int FROM pg_catalog.aurora_replica_status()";

    /// <inheritdoc cref="Aurora"/>
    internal const string MultiAz = "SELECT id, id = (SELECT rds_tools.multi_az_db_cluster_source_dbi_resource_id()), endpoint, port FROM rds_tools.show_topology()";

    /// <summary>Whether a host is one of RDS's, by the domains that AWS gives them.</summary>
    internal static bool IsRds(string host) => host.EndsWith(".rds.amazonaws.com", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".rds.amazonaws.com.cn", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the nodes; null if they are none.</summary>
    /// <param name="rows">What one of the two queries gave.</param>
    /// <param name="asked">The node that was asked: Aurora's instances stand in its domain, at its port.</param>
    internal static PatroniView? Read(IReadOnlyList<(string? Id, bool IsWriter, string? Host, int? Port)> rows, FailoverMember asked)
    {
        if (rows.Count is 0 or > PatroniView.MaxNodes || rows.Count(static row => row.IsWriter) != 1)
        {
            return null;
        }

        ImmutableArray<PatroniNode>.Builder nodes = ImmutableArray.CreateBuilder<PatroniNode>(rows.Count);
        foreach ((string? id, bool isWriter, string? given, int? port) in rows)
        {
            string? host = given ?? EndpointOf(id, asked.Address.IdnHost);
            if (string.IsNullOrWhiteSpace(host))
            {
                return null;
            }

            int at = port ?? asked.Address.Port;
            string name = Uri.CheckHostName(host) == UriHostNameType.Dns ? host.Split('.')[0] : $"{host}:{at}";
            nodes.Add(new PatroniNode(name, isWriter ? "leader" : "replica", "running", 0, host, at, null));
        }

        return new PatroniView(nodes.ToImmutable(), false, null);
    }

    /// <summary>
    /// Makes the endpoint of an instance of Aurora from that of another, or of the cluster: <c>shop.cluster-abc.eu-west-1.rds.amazonaws.com</c> and <c>shop-2.abc.eu-west-1.rds.amazonaws.com</c> stand in one domain.
    /// </summary>
    /// <returns>Null where the host has no domain.</returns>
    internal static string? EndpointOf(string? instance, string host)
    {
        int dot = host.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || string.IsNullOrWhiteSpace(instance) || Uri.CheckHostName(host) != UriHostNameType.Dns || !instance.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
        {
            return null;
        }

        string domain = host[(dot + 1)..];
        foreach (string prefix in (string[])["cluster-ro-", "cluster-custom-", "cluster-"])
        {
            if (domain.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                domain = domain[prefix.Length..];
                break;
            }
        }

        return $"{instance}.{domain}";
    }
}
