using Failover.DnsSwitching.Rfc2136;
using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Rfc2136;

internal static class Given
{
    internal static readonly TimeSpan Ttl = TimeSpan.FromSeconds(30);

    internal static Rfc2136Options Options(int port, NameServerKey? key = null, string zone = NameServer.Zone) => new()
    {
        Server = "127.0.0.1",
        Port = port,
        Zone = zone,
        KeyName = (key ?? NameServerKey.Failover).Name,
        Secret = (key ?? NameServerKey.Failover).Secret,
        Algorithm = (key ?? NameServerKey.Failover).Algorithm switch
        {
            "hmac-sha384" => TsigAlgorithm.HmacSha384,
            "hmac-sha512" => TsigAlgorithm.HmacSha512,
            _ => TsigAlgorithm.HmacSha256,
        },

        // A busy machine is no outcome.
        Timeout = TimeSpan.FromSeconds(60),
    };

    internal static Rfc2136Provider Provider(NameServer server, NameServerKey? key = null) => new(Options(server.Port, key), TimeProvider.System);

    internal static DnsOwner Owner(string operation, long? token = 1) => new("shop", token, operation);

    internal static async Task<DnsRecordState> StateAsync(this IDnsProvider provider, string name) =>
        Assert.IsType<DnsRead.Found>(await provider.ReadAsync(name, CancellationToken.None)).State;

    /// <summary>What would make a name have these values, from what it has now.</summary>
    internal static async Task<DnsChange> ChangeAsync(this IDnsProvider provider, string name, string operation, params string[] values) =>
        new(await provider.StateAsync(name), DnsValues.Parse(values), Ttl, Owner(operation));
}
