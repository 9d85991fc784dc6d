using Microsoft.Extensions.Configuration;

namespace Failover.DnsSwitching.Following;

/// <summary>The keys of <see cref="DnsFollowerOptions"/>, and the rules for their values.</summary>
internal static class DnsFollowerKeys
{
    internal const string Section = "DnsFollower";
    private const int MostNameServers = 8;

    internal static readonly OptionsKeys<DnsFollowerOptions> Table = new OptionsKeys<DnsFollowerOptions>()
        .Time("MaxInterval", o => o.MaxInterval, (o, v) => o.MaxInterval = v, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))
        .Time("MinInterval", o => o.MinInterval, (o, v) => o.MinInterval = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
        .Time("SystemInterval", o => o.SystemInterval, (o, v) => o.SystemInterval = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))
        .Fraction("Jitter", o => o.Jitter, (o, v) => o.Jitter = v, above: 0, maximum: 1)
        .Time("Timeout", o => o.Timeout, (o, v) => o.Timeout = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
        .Time("ConnectTimeout", o => o.ConnectTimeout, (o, v) => o.ConnectTimeout = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2))
        .Number("MaxMovesPerMinute", o => o.MaxMovesPerMinute, (o, v) => o.MaxMovesPerMinute = v, 1, 60)
        .Number("MaxDrainingPools", o => o.MaxDrainingPools, (o, v) => o.MaxDrainingPools = v, 1, 64)
        .Time("DrainLimit", o => o.DrainLimit, (o, v) => o.DrainLimit = v, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))
        .Section("NameServers", ["*"], Bind)
        .Rule(Check);

    private static void Bind(IConfigurationSection section, DnsFollowerOptions options, OptionsCheck check)
    {
        foreach (string server in section.GetChildren().Select(static child => child.Value?.Trim()).OfType<string>())
        {
            if (!options.NameServers.Contains(server))
            {
                options.NameServers.Add(server);
            }
        }
    }

    private static void Check(DnsFollowerOptions options, OptionsCheck check)
    {
        check.NotLonger("MinInterval", options.MinInterval, "MaxInterval", options.MaxInterval);
        if (options.NameServers.Count > MostNameServers)
        {
            check.Refuse("NameServers", options.NameServers.Count, $"must be {MostNameServers} at most");
        }

        for (int i = 0; i < options.NameServers.Count; i++)
        {
            if (!NameServerAddress.TryParse(options.NameServers[i], out _))
            {
                check.Refuse($"NameServers:{i}", options.NameServers[i], "must be an address or a host name, with a port if it is not 53: 192.0.2.53, [2001:db8::53]:5353, ns1.example.com");
            }
        }
    }
}
