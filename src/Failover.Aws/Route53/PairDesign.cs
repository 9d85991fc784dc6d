using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Failover.Aws.Registration;
using Failover.DnsSwitching;

namespace Failover.Aws.Route53;

/// <summary>What a pair has to look like in Route 53. Pure.</summary>
/// <param name="options">The settings, which are checked.</param>
internal sealed class PairDesign(Route53FailoverPairOptions options)
{
    /// <summary>Gets the name, in lower case without its last dot.</summary>
    internal string Name { get; } = DnsValue.Parse(options.Name).Text;

    /// <summary>Gets the type of both sets. Two aliases are of IPv4 addresses.</summary>
    internal string Type { get; } = (options.Primary.AliasTarget is null ? options.Primary : options.Secondary) is { AliasTarget: null } side
        ? Route53PairKeys.KindOf(side) is var kind && kind == DnsRecordKind.CName ? "CNAME" : kind.ToString()
        : "A";

    /// <summary>Tells whether a health check cannot be made one with these settings: some it keeps for life, and one that asks an address cannot be made to ask a name.</summary>
    internal static bool IsAnother(HealthCheck check, XElement config) =>
        check["Type"] != config.Element("Type")!.Value || check["RequestInterval"] != config.Element("RequestInterval")!.Value || check["IPAddress"] is null != config.Element("IPAddress") is null;

    internal static string IdentifierOf(PairSide side) => side == PairSide.Primary ? "failover-primary" : "failover-secondary";

    internal Route53SideOptions this[PairSide side] => side == PairSide.Primary ? options.Primary : options.Secondary;

    /// <summary>Tells whether a set that stands alone holds only what one of the sides is to be: it may be replaced.</summary>
    internal bool IsOurs(RecordSet set) => set.IsSimple && set.DnsValues is { Count: > 0 } values && values.All(value => options.Primary.Values.Concat(options.Secondary.Values).Select(DnsValue.Parse).Contains(value));

    /// <summary>Returns the record set of a side.</summary>
    /// <param name="side">The side.</param>
    /// <param name="check">The id of its health check; null if it has none.</param>
    internal RecordSet SetOf(PairSide side, string? check)
    {
        Route53SideOptions its = this[side];
        XElement set = new(
            "ResourceRecordSet",
            new XElement("Name", Name + "."),
            new XElement("Type", Type),
            new XElement("SetIdentifier", IdentifierOf(side)),
            new XElement("Failover", side == PairSide.Primary ? "PRIMARY" : "SECONDARY"));
        if (its.AliasTarget is { } target)
        {
            set.Add(new XElement("AliasTarget", new XElement("HostedZoneId", its.AliasHostedZoneId), new XElement("DNSName", DnsValue.Parse(target).Text + "."), new XElement("EvaluateTargetHealth", "true")));
        }
        else
        {
            set.Add(new XElement("TTL", ((long)options.TimeToLive.TotalSeconds).ToString(CultureInfo.InvariantCulture)), RecordSet.Records(its.Values.Select(DnsValue.Parse).Select(static value => value.Kind == DnsRecordKind.CName ? value.Text + "." : value.Text)));
        }

        if (check is not null)
        {
            set.Add(new XElement("HealthCheckId", check));
        }

        return new(set);
    }

    /// <summary>Returns the settings of the health check of a side, in the order of Route 53's schema; null if it has none.</summary>
    internal XElement? CheckOf(PairSide side)
    {
        Route53SideOptions its = this[side];
        return its.HealthHost is null ? null : new(
            "HealthCheckConfig",
            its.HealthAddress is { } address ? new XElement("IPAddress", address) : null,
            new XElement("Port", HealthCheck.Number(options.HealthPort)),
            new XElement("Type", "HTTPS"),
            new XElement("ResourcePath", options.HealthPath),
            new XElement("FullyQualifiedDomainName", DnsValue.Parse(its.HealthHost).Text),
            new XElement("RequestInterval", HealthCheck.Number(options.RequestInterval)),
            new XElement("FailureThreshold", HealthCheck.Number(options.FailureThreshold)),
            new XElement("Inverted", HealthCheck.Flag(false)),
            new XElement("Disabled", HealthCheck.Flag(false)),
            new XElement("EnableSNI", HealthCheck.Flag(true)));
    }

    /// <summary>Returns by what reference a health check is made: the same for the same check, so that one whose answer was lost is not made twice.</summary>
    /// <param name="side">The side.</param>
    /// <param name="config">Its settings.</param>
    /// <param name="again">How many references are used up by checks that were deleted.</param>
    internal string ReferenceOf(PairSide side, XElement config, int again) =>
        $"failover-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.HostedZoneId}|{Name}|{Type}|{side}|{again}|{config.ToString(SaveOptions.DisableFormatting)}")).AsSpan(0, 16))}";

    /// <summary>Returns a side in words.</summary>
    internal string Told(PairSide side) => $"{Name} {Type} {(side == PairSide.Primary ? "PRIMARY" : "SECONDARY")} {(this[side].AliasTarget is { } target ? $"alias of {target}" : string.Join(", ", this[side].Values))}";

    /// <summary>Returns the question of the checkers in words.</summary>
    internal string ToldCheck(PairSide side) => string.Create(CultureInfo.InvariantCulture, $"https://{this[side].HealthHost}:{options.HealthPort}{options.HealthPath}{(this[side].HealthAddress is { } address ? $" at {address}" : "")}, each {options.RequestInterval} s, {options.FailureThreshold} in a row");
}
