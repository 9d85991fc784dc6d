using System.Collections.Concurrent;
using System.Text;
using System.Xml.Linq;

namespace Failover.TestServers.Aws;

/// <summary>Clusters and instances, as RDS describes them.</summary>
public sealed class RdsStorage
{
    internal static readonly XNamespace Space = "http://rds.amazonaws.com/doc/2014-10-31/";

    private static readonly Dictionary<string, string[]> NoChanges = [];

    /// <summary>Gets the clusters by their identifiers: the status, the writer, and the readers.</summary>
    public ConcurrentDictionary<string, (string Status, string? Writer, string[] Readers)> Clusters { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the instances by their identifiers: the status and the zone that they are in.</summary>
    public ConcurrentDictionary<string, (string Status, string Zone)> Instances { get; } = new(StringComparer.Ordinal);

    internal static string ActionOf(AwsCall call) => $"rds:{AwsCall.Parameter(Encoding.UTF8.GetString(call.Body), "Action")}";

    internal XElement Do(AwsCall call, AwsIdentity identity)
    {
        string form = Encoding.UTF8.GetString(call.Body);
        if (call.Method != "POST" || AwsCall.Parameter(form, "Version") != "2014-10-31" || call["Content-Type"]?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true)
        {
            throw AwsRefusal.Of(400, "InvalidAction", "Could not find operation for that version");
        }

        if (!identity.May(call.Action, "*", NoChanges))
        {
            throw AwsRefusal.Of(403, "AccessDenied", $"User: arn:aws:iam::123456789012:user/failover is not authorized to perform: {call.Action}");
        }

        return call.Action switch
        {
            "rds:DescribeDBClusters" => Cluster(AwsCall.Parameter(form, "DBClusterIdentifier") ?? ""),
            "rds:DescribeDBInstances" => Instance(AwsCall.Parameter(form, "DBInstanceIdentifier") ?? ""),
            _ => throw AwsRefusal.Of(400, "InvalidAction", $"Could not find operation {call.Action}"),
        };
    }

    private XElement Cluster(string id)
    {
        if (!Clusters.TryGetValue(id, out (string Status, string? Writer, string[] Readers) cluster))
        {
            throw AwsRefusal.Of(404, "DBClusterNotFoundFault", $"DBCluster {id} not found.");
        }

        return new(
            "DescribeDBClustersResponse",
            new XElement("DescribeDBClustersResult", new XElement("DBClusters", new XElement(
                "DBCluster",
                new XElement("DBClusterIdentifier", id),
                new XElement("Status", cluster.Status),
                new XElement("DBClusterMembers", cluster.Readers.Select(static reader => Member(reader, false)), cluster.Writer is null ? null : Member(cluster.Writer, true))))));
    }

    private XElement Instance(string id)
    {
        if (!Instances.TryGetValue(id, out (string Status, string Zone) instance))
        {
            throw AwsRefusal.Of(404, "DBInstanceNotFound", $"DBInstance {id} not found.");
        }

        return new(
            "DescribeDBInstancesResponse",
            new XElement("DescribeDBInstancesResult", new XElement("DBInstances", new XElement(
                "DBInstance",
                new XElement("DBInstanceIdentifier", id),
                new XElement("DBInstanceStatus", instance.Status),
                new XElement("AvailabilityZone", instance.Zone),
                new XElement("MultiAZ", "true")))));
    }

    private static XElement Member(string id, bool isWriter) => new("DBClusterMember", new XElement("DBInstanceIdentifier", id), new XElement("IsClusterWriter", isWriter ? "true" : "false"));
}
