namespace Failover.TestServers.Dns;

/// <summary>A real Knot.</summary>
public sealed class KnotServer : NameServer
{
    private KnotServer()
    {
    }

    /// <inheritdoc/>
    protected override string ReadyWords => "server started";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command => [RequiredServer.Locate("knotd"), "-c", Path.Combine(Folder, "knot.conf")];

    /// <summary>Starts a primary.</summary>
    public static Task<KnotServer> StartAsync() => StartedAsync(new KnotServer());

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await WriteAsync(
            "knot.conf",
            $"""
            server:
                rundir: {Folder}
                listen: 127.0.0.1@{Port}
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            database:
                storage: {Folder}
                journal-db-mode: asynchronous
            log:
              - target: stderr
                any: info
            key:
            {string.Concat(NameServerKey.Known.Select(static key => $"  - id: {key.Name}\n    algorithm: {key.Algorithm}\n    secret: {key.Secret}\n"))}
            acl:
              - id: failover
                key: [{string.Join(", ", NameServerKey.Granted.Select(static key => key.Name))}]
                action: update
                update-type: [A, AAAA, CNAME, TXT]
                update-owner: zone
                update-owner-match: sub
              - id: operator
                key: {NameServerKey.Operator.Name}
                action: update
            zone:
              - domain: {Zone}
                storage: {Folder}
                file: zone
                acl: [failover, operator]
                zonefile-sync: -1
                zonefile-load: difference-no-serial
                journal-content: all
            """);
        await WriteAsync("zone", ZoneText);
    }
}
