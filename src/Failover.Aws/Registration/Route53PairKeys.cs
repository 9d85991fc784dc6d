using System.Net;
using System.Net.Sockets;
using Failover.DnsSwitching;
using Microsoft.Extensions.Configuration;

namespace Failover.Aws.Registration;

/// <summary>The keys of <see cref="Route53FailoverPairOptions"/>, and the rules for their values.</summary>
internal static class Route53PairKeys
{
    private const int MaxPath = 255;

    internal static readonly OptionsKeys<Route53FailoverPairOptions> Table = Sides(new OptionsKeys<Route53FailoverPairOptions>()
        .Text("HostedZoneId", o => o.HostedZoneId, (o, v) => o.HostedZoneId = v ?? "")
        .Text("Name", o => o.Name, (o, v) => o.Name = v ?? ""))
        .Time("TimeToLive", o => o.TimeToLive, (o, v) => o.TimeToLive = v, TimeSpan.Zero, TimeSpan.FromDays(1))
        .Text("HealthPath", o => o.HealthPath, (o, v) => o.HealthPath = v ?? "")
        .Number("HealthPort", o => o.HealthPort, (o, v) => o.HealthPort = v, 1, 65535)
        .Number("RequestInterval", o => o.RequestInterval, (o, v) => o.RequestInterval = v, 10, 30)
        .Number("FailureThreshold", o => o.FailureThreshold, (o, v) => o.FailureThreshold = v, 1, 10)
        .Time("Patience", o => o.Patience, (o, v) => o.Patience = v, TimeSpan.Zero, TimeSpan.FromMinutes(5))
        .Time("SyncTimeout", o => o.SyncTimeout, (o, v) => o.SyncTimeout = v, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))
        .Rule(static (o, check) => AwsKeysTable.CheckZone(o.HostedZoneId, check))
        .Rule(Check);

    private static OptionsKeys<Route53FailoverPairOptions> Sides(OptionsKeys<Route53FailoverPairOptions> keys)
    {
        foreach ((string name, Func<Route53FailoverPairOptions, Route53SideOptions> side) in (ReadOnlySpan<(string, Func<Route53FailoverPairOptions, Route53SideOptions>)>)[("Primary", static o => o.Primary), ("Secondary", static o => o.Secondary)])
        {
            keys.Section($"{name}:Values", ["", "*"], (section, o, _) => side(o).Values = Listed(section))
                .Text($"{name}:AliasTarget", o => side(o).AliasTarget, (o, v) => side(o).AliasTarget = v)
                .Text($"{name}:AliasHostedZoneId", o => side(o).AliasHostedZoneId, (o, v) => side(o).AliasHostedZoneId = v)
                .Text($"{name}:HealthHost", o => side(o).HealthHost, (o, v) => side(o).HealthHost = v)
                .Text($"{name}:HealthAddress", o => side(o).HealthAddress, (o, v) => side(o).HealthAddress = v);
        }

        return keys;
    }

    private static string[] Listed(IConfigurationSection section) => section.Value is { Length: > 0 } one
        ? one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : [.. section.GetChildren().Select(static entry => entry.Value ?? "")];

    private static void Check(Route53FailoverPairOptions o, OptionsCheck check)
    {
        if (Name(o.Name) is null)
        {
            check.Refuse("Name", o.Name, "must be the name that fails over, like shop.example.com");
        }

        if (o.HealthPath is not { Length: > 0 and <= MaxPath } path || path[0] != '/' || !Uri.IsWellFormedUriString(path, UriKind.Relative))
        {
            check.Refuse("HealthPath", o.HealthPath, $"must be a path of 1 to {MaxPath} characters, like /health/routing");
        }

        if (o.RequestInterval is not (10 or 30) && !check.IsRefused("RequestInterval"))
        {
            check.Refuse("RequestInterval", o.RequestInterval, "must be 10 or 30");
        }

        if (o.TimeToLive.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            check.Refuse("TimeToLive", o.TimeToLive, "must be in whole seconds");
        }

        Side("Primary", o.Primary, o, isPrimary: true, check);
        Side("Secondary", o.Secondary, o, isPrimary: false, check);
        if (check.Problems.Count == 0 && o.Primary.AliasTarget is null && o.Secondary.AliasTarget is null && KindOf(o.Primary) != KindOf(o.Secondary))
        {
            check.Refuse("Secondary:Values", string.Join(", ", o.Secondary.Values), $"must be of the same kind as Primary:Values ({string.Join(", ", o.Primary.Values)}): IPv4 addresses, IPv6 addresses or a name; each kind is a pair of its own");
        }

        if (check.Problems.Count == 0 && (o.Primary.AliasTarget is null) != (o.Secondary.AliasTarget is null) && KindOf(o.Primary.AliasTarget is null ? o.Primary : o.Secondary) == DnsRecordKind.CName)
        {
            check.Refuse("Secondary:Values", "must be addresses: the other side is an alias, which is answered with addresses");
        }
    }

    /// <summary>The kind of the values of a side that is checked.</summary>
    internal static DnsRecordKind KindOf(Route53SideOptions side) => DnsValue.Parse(side.Values[0]).Kind;

    private static void Side(string key, Route53SideOptions side, Route53FailoverPairOptions pair, bool isPrimary, OptionsCheck check)
    {
        bool hasValues = side.Values is { Count: > 0 };
        if (hasValues == side.AliasTarget is not null)
        {
            check.Refuse($"{key}:Values", hasValues ? $"must not stand beside {key}:AliasTarget" : $"is missing: it must list addresses or one name; or {key}:AliasTarget must name a resource of AWS");
        }
        else if (hasValues && !IsSet(side.Values))
        {
            check.Refuse($"{key}:Values", string.Join(", ", side.Values), "must be IPv4 addresses, or IPv6 addresses, or one name");
        }
        else if (!hasValues && (Name(side.AliasTarget) is null || side.AliasHostedZoneId is null))
        {
            check.Refuse($"{key}:AliasTarget", side.AliasTarget, $"must be the name of a resource of AWS, with {key}:AliasHostedZoneId beside it");
        }

        if (side.HealthHost is null ? isPrimary && hasValues : Name(side.HealthHost) is not { } host || host == Name(pair.Name))
        {
            check.Refuse($"{key}:HealthHost", side.HealthHost, "must be a name that leads to this side only, like a.shop.example.com: the checkers ask it");
        }

        if (side.HealthAddress is { } address && (side.HealthHost is null || !IsPublic(address)))
        {
            check.Refuse($"{key}:HealthAddress", address, $"must be an address that the internet reaches, with {key}:HealthHost beside it");
        }
    }

    private static bool IsSet(IList<string> values)
    {
        List<DnsValue> all = [];
        foreach (string text in values)
        {
            if (!DnsValue.TryParse(text, out DnsValue? value) || all.Contains(value))
            {
                return false;
            }

            all.Add(value);
        }

        return all.TrueForAll(value => value.Kind == all[0].Kind) && (all.Count == 1 || all[0].Kind != DnsRecordKind.CName);
    }

    private static string? Name(string? text) => DnsValue.TryParse(text, out DnsValue? value) && value.Kind == DnsRecordKind.CName ? value.Text : null;

    private static bool IsPublic(string text) => IPAddress.TryParse(text, out IPAddress? address) && !IPAddress.IsLoopback(address) && (address.AddressFamily == AddressFamily.InterNetworkV6
        ? !address.IsIPv6LinkLocal && !address.IsIPv6UniqueLocal
        : address.GetAddressBytes() is not ([10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [169, 254, ..]));
}
