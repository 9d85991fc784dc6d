namespace Failover.DnsSwitching.Rfc2136;

/// <summary>The keys of <see cref="Rfc2136Options"/>, and the rules for their values.</summary>
internal static class Rfc2136Keys
{
    private const int ShortestSecret = 16;

    internal static readonly OptionsKeys<Rfc2136Options> Table = new OptionsKeys<Rfc2136Options>()
        .Text("Server", o => o.Server, (o, v) => o.Server = v ?? "")
        .Number("Port", o => o.Port, (o, v) => o.Port = v, 1, 65535)
        .Text("Zone", o => o.Zone, (o, v) => o.Zone = v ?? "")
        .Text("KeyName", o => o.KeyName, (o, v) => o.KeyName = v ?? "")
        .Choice("Algorithm", o => o.Algorithm, (o, v) => o.Algorithm = v)
        .Text("Secret", o => o.Secret, (o, v) => o.Secret = v ?? "")
        .Time("Timeout", o => o.Timeout, (o, v) => o.Timeout = v, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1))
        .Fixed("Server").Fixed("Port").Fixed("Zone").Fixed("KeyName").Fixed("Algorithm").Fixed("Secret").Fixed("Timeout")
        .Rule(Check);

    private static void Check(Rfc2136Options options, OptionsCheck check)
    {
        if (!DnsValue.TryParse(options.Server, out _))
        {
            check.Refuse("Server", options.Server, "must be the name or the address of the primary name server, without its port");
        }

        if (!DnsName.TryParse(options.Zone, out _))
        {
            check.Refuse("Zone", options.Zone, "must be the name of the zone, like example.com");
        }

        // The name of a key is no secret, but one that is mistaken for it would be shown.
        if (!DnsName.TryParse(options.KeyName, out _))
        {
            check.Refuse("KeyName", "must be the name of the key, as the server knows it");
        }

        byte[] secret = new byte[options.Secret?.Length ?? 0];
        if (!Convert.TryFromBase64String(options.Secret ?? "", secret, out int length) || length < ShortestSecret)
        {
            check.Refuse("Secret", $"must be the secret of the key in base64, of {ShortestSecret} bytes or more; it is {(string.IsNullOrEmpty(options.Secret) ? "not set" : length < ShortestSecret && length > 0 ? "shorter" : "no base64")}");
        }
    }
}
