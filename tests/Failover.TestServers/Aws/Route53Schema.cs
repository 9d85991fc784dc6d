using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;

namespace Failover.TestServers.Aws;

/// <summary>What a record set must look like, whatever is in the zone.</summary>
internal static class Route53Schema
{
    private static readonly string[] Elements = ["Name", "Type", "SetIdentifier", "Weight", "Region", "Failover", "MultiValueAnswer", "TTL", "ResourceRecords", "AliasTarget", "HealthCheckId"];

    internal static void Check(XElement set)
    {
        AwsXml.InOrder(set, Elements);
        string name = set.Element("Name")?.Value ?? throw Invalid("no name");
        string type = set.Element("Type")?.Value ?? throw Invalid("no type");
        if (type is not ("A" or "AAAA" or "CNAME" or "TXT" or "NS" or "SOA"))
        {
            throw Invalid($"type {type}");
        }

        bool isAlias = set.Element("AliasTarget") is not null;
        if (isAlias == (set.Element("TTL") is not null) || isAlias == (set.Element("ResourceRecords") is not null))
        {
            throw Invalid($"Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found {(isAlias ? "more than one" : "none")} in Change with [Name={name}, Type={type}]");
        }

        if (isAlias)
        {
            AwsXml.InOrder(set.Element("AliasTarget")!, "HostedZoneId", "DNSName", "EvaluateTargetHealth");
            if (set.Element("AliasTarget")!.Elements().Count() != 3)
            {
                throw Invalid("AliasTarget");
            }

            return;
        }

        if (!int.TryParse(set.Element("TTL")!.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int ttl) || ttl < 0)
        {
            throw Invalid("TTL");
        }

        string[] values = [.. set.Element("ResourceRecords")!.Elements("ResourceRecord").Select(static record => record.Element("Value")?.Value ?? "")];
        if (values.Length == 0 || values.Distinct().Count() != values.Length || (type == "CNAME" && values.Length > 1))
        {
            throw AwsRefusal.Batch($"Duplicate Resource Record, or a wrong number of them, in {name} {type}");
        }

        foreach (string value in values)
        {
            bool isGood = type switch
            {
                "A" => IPAddress.TryParse(value, out IPAddress? v4) && v4.AddressFamily == AddressFamily.InterNetwork && v4.ToString() == value,
                "AAAA" => IPAddress.TryParse(value, out IPAddress? v6) && v6.AddressFamily == AddressFamily.InterNetworkV6,
                "TXT" => value.Length >= 2 && value[0] == '"' && value[^1] == '"' && value.Length <= 257,
                "CNAME" => !IPAddress.TryParse(value, out _) && value.Trim('.').Length > 0,
                _ => true,
            };
            if (!isGood)
            {
                throw AwsRefusal.Batch($"Invalid Resource Record: FATAL problem: InvalidCharacterString or address encountered with '{value}'");
            }
        }
    }

    private static AwsRefusal Invalid(string what) => AwsRefusal.Of(400, "InvalidInput", $"Invalid request: {what}");
}
