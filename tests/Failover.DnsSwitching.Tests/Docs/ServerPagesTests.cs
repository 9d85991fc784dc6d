using System.Text.RegularExpressions;
using Failover.DnsSwitching.Rfc2136;
using Failover.DnsSwitching.Tests.Rfc2136;
using Failover.TestServers;
using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Docs;

/// <summary>What docs/dns.md tells to configure is enough, and grants no more than it says.</summary>
public sealed partial class ServerPagesTests
{
    private const string ZoneText = "$ORIGIN example.com.\n$TTL 30\n@ IN SOA ns hostmaster 1 60 60 600 5\n@ IN NS ns\nns IN A 127.0.0.1\nshop IN A 192.0.2.1\n";

    private static readonly DnsValues Values = DnsValues.Parse("192.0.2.2", "2001:db8::2");

    [NameServerFact]
    public async Task Of_BIND()
    {
        string key = await ConfiguredServer.RunAsync(RequiredServer.Locate("tsig-keygen"), "-a", "hmac-sha256", "failover");
        await using ConfiguredServer server = await ConfiguredServer.StartAsync(
            "running\n",
            [RequiredServer.Locate("named"), "-g", "-4", "-n", "1", "-c", "named.conf"],
            (folder, port) => new()
            {
                ["failover.key"] = key,
                ["example.com.zone"] = ZoneText,
                ["named.conf"] = $"options {{ directory \"{folder}\"; pid-file none; session-keyfile none; listen-on port {port} {{ 127.0.0.1; }}; recursion no; dnssec-validation no; }};\ncontrols {{ }};\n"
                    + Shown("named.conf").Replace("/etc/bind", folder, StringComparison.Ordinal).Replace("/var/lib/bind", folder, StringComparison.Ordinal),
            });

        await IsEnoughAsync(server.Port, Secret().Match(key).Groups[1].Value, isLeast: true);
    }

    [NameServerFact]
    public async Task Of_Knot()
    {
        string key = await ConfiguredServer.RunAsync(RequiredServer.Locate("keymgr"), "-t", "failover", "hmac-sha256");
        await using ConfiguredServer server = await ConfiguredServer.StartAsync(
            "server started",
            [RequiredServer.Locate("knotd"), "-c", "knot.conf"],
            (folder, port) => new()
            {
                ["failover.key"] = key,
                ["example.com.zone"] = ZoneText,
                ["knot.conf"] = $"server:\n    rundir: {folder}\n    listen: 127.0.0.1@{port}\ndatabase:\n    storage: {folder}\nlog:\n  - target: stderr\n    any: info\n"
                    + Shown("knot.conf").Replace("/etc/knot", folder, StringComparison.Ordinal).Replace("/var/lib/knot", folder, StringComparison.Ordinal),
            });

        await IsEnoughAsync(server.Port, Secret().Match(key).Groups[1].Value, isLeast: true);
    }

    [NameServerFact]
    public async Task Of_PowerDNS()
    {
        await using ConfiguredServer server = await ConfiguredServer.StartAsync(
            "Creating backend connection for TCP",
            ["sh", "-e", "start.sh"],
            (folder, port) => new()
            {
                ["example.com.zone"] = ZoneText,
                ["pdns.conf"] = $"launch=gsqlite3\ngsqlite3-database={folder}/pdns.db\nlocal-address=127.0.0.1\nlocal-port={port}\nsocket-dir={folder}\nsetuid=\nsetgid=\nsecurity-poll-suffix=\n" + Shown("pdns.conf"),
                ["start.sh"] = $$"""
                    pdnsutil() { {{RequiredServer.Locate("pdnsutil")}} --config-dir=. "$@"; }
                    sqlite3 pdns.db < /usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql
                    pdnsutil load-zone example.com example.com.zone
                    {{Shown("pdnsutil.sh")}}
                    pdnsutil list-tsig-keys > keys
                    exec {{RequiredServer.Locate("pdns_server")}} --config-dir=.
                    """,
            });

        // It grants whole zones.
        await IsEnoughAsync(server.Port, (await File.ReadAllTextAsync(Path.Combine(server.Folder, "keys"))).Trim().Split(' ')[^1], isLeast: false);
    }

    private static async Task IsEnoughAsync(int port, string secret, bool isLeast)
    {
        Rfc2136Options options = Given.Options(port, zone: "example.com");
        options.Secret = secret;
        await using Rfc2136Provider provider = new(options, TimeProvider.System);

        Assert.Null(await provider.ProbeAsync("shop.example.com", Values, CancellationToken.None));
        Assert.Null(await provider.ProbeAsync("shop.example.com", DnsValues.Parse("standby.example.com"), CancellationToken.None));
        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(await provider.ChangeAsync("shop.example.com", "one", "192.0.2.2", "2001:db8::2"), CancellationToken.None));
        DnsOutcome? other = await provider.ProbeAsync("other.example.com", Values, CancellationToken.None);
        Assert.True(isLeast ? other is DnsOutcome.Denied : other is null, other?.ToString());
    }

    private static string Shown(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", name));

    [GeneratedRegex("secret:? \"?([A-Za-z0-9+/=]+)")]
    private static partial Regex Secret();
}
