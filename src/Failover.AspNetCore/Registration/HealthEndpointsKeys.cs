using System.Net;

namespace Failover.AspNetCore.Registration;

/// <summary>The keys of the sections of this package, and the rules for their values.</summary>
internal static class HealthEndpointsKeys
{
    internal const string EndpointsSection = "HealthEndpoints";
    internal const string DrainingSection = "Draining";
    internal const string AgentSection = "HaproxyAgent";
    internal const int HighestPort = ushort.MaxValue;

    private static readonly TimeSpan TenthOfASecond = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);

    internal static readonly OptionsKeys<HealthEndpointsOptions> Endpoints = new OptionsKeys<HealthEndpointsOptions>()
        .Choice("Format", o => o.Format, (o, v) => o.Format = v)
        .Text("DetailsPolicy", o => o.DetailsPolicy, (o, v) => o.DetailsPolicy = v)
        .OptionalNumber("ManagementPort", o => o.ManagementPort, (o, v) => o.ManagementPort = v, 1, HighestPort)
        .Fixed("Format").Fixed("DetailsPolicy").Fixed("ManagementPort");

    internal static readonly OptionsKeys<DrainingOptions> Draining = new OptionsKeys<DrainingOptions>()
        .OptionalTime("Hold", o => o.Hold, (o, v) => o.Hold = v, TimeSpan.Zero, TimeSpan.FromMinutes(10))
        .Time("StayAway", o => o.StayAway, (o, v) => o.StayAway = v, TimeSpan.FromSeconds(1), OneMinute)
        .Text("File", o => o.File, (o, v) => o.File = v)
        .Time("FilePeriod", o => o.FilePeriod, (o, v) => o.FilePeriod = v, TenthOfASecond, OneMinute)
        .Rule(static (options, check) =>
        {
            if (options.File?.Contains('\0') == true)
            {
                check.Refuse("File", "must be the path of a file");
            }
        });

    internal static readonly OptionsKeys<HaproxyAgentOptions> Agent = new OptionsKeys<HaproxyAgentOptions>()
        .OptionalNumber("Port", o => o.Port, (o, v) => o.Port = v, 0, HighestPort)
        .Text("Address", o => o.Address, (o, v) => o.Address = v)
        .Number("MaxConnections", o => o.MaxConnections, (o, v) => o.MaxConnections = v, 1, 1000)
        .Time("Timeout", o => o.Timeout, (o, v) => o.Timeout = v, TenthOfASecond, TimeSpan.FromSeconds(30))
        .Fixed("Port").Fixed("Address").Fixed("MaxConnections").Fixed("Timeout")
        .Rule(static (options, check) =>
        {
            if (options.Port is null && !check.IsRefused("Port"))
            {
                check.Refuse("Port", "is missing: it is HAProxy's agent-port, from 0 to 65535; or call AddHaproxyAgent(port)");
            }

            if (!IPAddress.TryParse(options.Address, out _))
            {
                check.Refuse("Address", options.Address, "must be an IP address of this machine, like 127.0.0.1, ::1 or 0.0.0.0");
            }
        });
}
