using System.Xml.Linq;
using Failover.Aws.Api;

namespace Failover.Aws.Rds;

/// <summary>What RDS says of a cluster or an instance.</summary>
/// <param name="Status">Its status: <c>available</c>, <c>failing-over</c>.</param>
/// <param name="Writer">The writer of a cluster, or the zone of an instance: what changes at a failover; null if there is none.</param>
internal sealed record RdsView(string Status, string? Writer)
{
    private static readonly XNamespace Space = "http://rds.amazonaws.com/doc/2014-10-31/";

    private static readonly string[] Moving = ["failing-over", "rebooting", "promoting"];

    /// <summary>Gets whether it may change any moment. Others, such as a backup, last for hours and change nothing.</summary>
    internal bool IsMoving => Moving.Contains(Status);

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isCluster">Whether a cluster was asked for.</param>
    /// <exception cref="AwsException">It is none.</exception>
    internal static RdsView Read(XElement answer, bool isCluster)
    {
        XElement[] found = [.. answer.Descendants(Space + (isCluster ? "DBCluster" : "DBInstance"))];
        if (found is not [var one] || one.Element(Space + (isCluster ? "Status" : "DBInstanceStatus"))?.Value is not { Length: > 0 and <= 100 } status)
        {
            throw new AwsException(AwsFault.Unknown, "its answer cannot be read");
        }

        return new(status, isCluster ? WriterOf(one) : one.Element(Space + "AvailabilityZone")?.Value);
    }

    /// <summary>Returns it in words.</summary>
    public override string ToString() => Writer is null ? $"{Status}, without a writer" : $"{Status}, at {Writer}";

    /// <summary>Two writers are none: then nobody knows.</summary>
    private static string? WriterOf(XElement cluster)
    {
        string?[] writers = [.. cluster.Descendants(Space + "DBClusterMember").Where(static member => member.Element(Space + "IsClusterWriter")?.Value == "true").Select(static member => member.Element(Space + "DBInstanceIdentifier")?.Value)];
        return writers is [{ Length: > 0 and <= 255 } only] ? only : null;
    }
}
