namespace Failover.TestServers.Dns;

/// <summary>A real PowerDNS, with its zone in SQLite.</summary>
public sealed class PowerDnsServer : NameServer
{
    private const string Schema = "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql";

    private PowerDnsServer()
    {
    }

    /// <inheritdoc/>
    protected override string ReadyWords => "Creating backend connection for TCP";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command => [RequiredServer.Locate("pdns_server"), $"--config-dir={Folder}"];

    /// <summary>Starts a primary.</summary>
    public static Task<PowerDnsServer> StartAsync() => StartedAsync(new PowerDnsServer());

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        string database = Path.Combine(Folder, "pdns.db");
        await RunWithInputAsync(await File.ReadAllTextAsync(Schema), RequiredServer.Locate("sqlite3"), database);
        await WriteAsync("zone", ZoneText);
        await WriteAsync(
            "pdns.conf",
            $"""
            launch=gsqlite3
            gsqlite3-database={database}
            gsqlite3-pragma-synchronous=0
            local-address=127.0.0.1
            local-port={Port}
            dnsupdate=yes
            allow-dnsupdate-from=127.0.0.0/8
            socket-dir={Folder}
            receiver-threads=1
            distributor-threads=1
            cache-ttl=0
            negquery-cache-ttl=0
            query-cache-ttl=0
            zone-cache-refresh-interval=0
            setuid=
            setgid=
            security-poll-suffix=
            """);
        await ToolAsync("load-zone", Zone, Path.Combine(Folder, "zone"));
        foreach (NameServerKey key in NameServerKey.Known)
        {
            await ToolAsync("import-tsig-key", key.Name, key.Algorithm, key.Secret);
        }

        await ToolAsync(["set-meta", Zone, "TSIG-ALLOW-DNSUPDATE", .. NameServerKey.Granted.Append(NameServerKey.Operator).Select(static key => key.Name)]);
        await ToolAsync("set-meta", Zone, "SOA-EDIT-DNSUPDATE", "INCREASE");
    }

    private Task<string> ToolAsync(params string[] arguments) => RunAsync([RequiredServer.Locate("pdnsutil"), $"--config-dir={Folder}", .. arguments]);
}
