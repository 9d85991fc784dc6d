using System.Buffers;

namespace Failover.Aws.Registration;

/// <summary>The keys of this package's options, and the rules for their values.</summary>
internal static class AwsKeysTable
{
    private const string Zone = "must be the id of a hosted zone, like Z0123456789ABCDEFGHIJ";

    private static readonly SearchValues<char> OfIds = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    private static readonly SearchValues<char> OfRegions = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    internal static readonly OptionsKeys<RdsDatabaseOptions> Database = new OptionsKeys<RdsDatabaseOptions>()
        .Text("Cluster", o => o.Cluster, (o, v) => o.Cluster = v)
        .Text("Instance", o => o.Instance, (o, v) => o.Instance = v)
        .Time("Interval", o => o.Interval, (o, v) => o.Interval = v, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10))
        .Rule(static (o, check) =>
        {
            if (o.Cluster is null == o.Instance is null)
            {
                check.Refuse("Cluster", o.Cluster is null ? "is missing: Cluster or Instance must be the identifier of what is asked for its writer" : "must not stand beside Instance: one of the two is asked for its writer");
            }

            Identifier("Cluster", o.Cluster, check);
            Identifier("Instance", o.Instance, check);
        });

    internal static readonly OptionsKeys<AwsOptions> Aws = new OptionsKeys<AwsOptions>()
        .Text("Region", o => o.Region, (o, v) => o.Region = v)
        .Text("RdsEndpoint", o => o.RdsEndpoint, (o, v) => o.RdsEndpoint = v)
        .Text("Route53Endpoint", o => o.Route53Endpoint, (o, v) => o.Route53Endpoint = v!)
        .Text("Route53Region", o => o.Route53Region, (o, v) => o.Route53Region = v!)
        .Time("Timeout", o => o.Timeout, (o, v) => o.Timeout = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
        .Each("Databases", o => o.Databases, Database)
        .Rule(static (o, check) =>
        {
            Region("Region", o.Region ?? "x", check);
            Region("Route53Region", o.Route53Region, check);
            Endpoint("Route53Endpoint", o.Route53Endpoint, check);
            Endpoint("RdsEndpoint", o.RdsEndpoint ?? "https://x", check);
            if (o.Databases is { Count: > 0 } && o.Region is null)
            {
                check.Refuse("Region", "is missing: Databases are named, and it must say in which region they are, like eu-west-1");
            }
        });

    internal static readonly OptionsKeys<Route53Options> Route53 = new OptionsKeys<Route53Options>()
        .Text("HostedZoneId", o => o.HostedZoneId, (o, v) => o.HostedZoneId = v ?? "")
        .Time("Patience", o => o.Patience, (o, v) => o.Patience = v, TimeSpan.Zero, TimeSpan.FromMinutes(5))
        .Time("SyncTimeout", o => o.SyncTimeout, (o, v) => o.SyncTimeout = v, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))
        .Fixed("HostedZoneId").Fixed("Patience").Fixed("SyncTimeout")
        .Rule(static (o, check) => CheckZone(o.HostedZoneId, check));

    /// <summary>Returns the bare id of a zone, a change or a health check, as AWS puts it into paths.</summary>
    internal static string BareId(string id) => id[(id.LastIndexOf('/') + 1)..];

    internal static void CheckZone(string? zone, OptionsCheck check)
    {
        string bare = BareId(zone ?? "");
        if (bare.Length == 0)
        {
            check.Refuse("HostedZoneId", $"is missing: it {Zone}");
        }
        else if (bare.Length > 32 || bare.AsSpan().ContainsAnyExcept(OfIds) || (bare.Length != zone!.Length && zone != $"/hostedzone/{bare}"))
        {
            check.Refuse("HostedZoneId", zone, Zone);
        }
    }

    private static void Region(string key, string? region, OptionsCheck check)
    {
        if (region is not { Length: > 0 and <= 40 } || region.AsSpan().ContainsAnyExcept(OfRegions))
        {
            check.Refuse(key, region, "must be the name of a region, like eu-west-1");
        }
    }

    private static void Endpoint(string key, string? endpoint, OptionsCheck check)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) || uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
        {
            check.Refuse(key, endpoint, "must be an address with https (http only for this machine), without a path and a query, like https://route53.amazonaws.com");
        }
    }

    private static void Identifier(string key, string? identifier, OptionsCheck check)
    {
        if (identifier is not null && (identifier.Length > 255 || !identifier.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or ':')))
        {
            check.Refuse(key, identifier, "must be an identifier of RDS: letters, digits and '-'");
        }
    }
}
