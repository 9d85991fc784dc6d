using Failover.Scenarios.Servers;

namespace Failover.TestServers.Servers;

/// <summary>A real etcd: a cluster of one member, whose JSON gateway (<c>/v3/kv/range</c> and so on) is on the same port.</summary>
public sealed class EtcdServer : LoopbackServer
{
    private readonly PortReservation _peers = new();
    private readonly string[] _settings;

    private EtcdServer(string[] settings) => _settings = settings;

    /// <summary>Gets where clients find the server.</summary>
    public Uri Address => new(Clients);

    /// <inheritdoc/>
    protected override string ReadyWords => "ready to serve client requests";

    // A member alone elects itself, and need not wait a second for others.
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
    [
        RequiredServer.Locate("etcd"), "--name", "one", "--data-dir", Path.Combine(Folder, "data"), "--unsafe-no-fsync", "--heartbeat-interval", "20", "--election-timeout", "100",
        "--listen-client-urls", Clients, "--advertise-client-urls", Clients, "--listen-peer-urls", Peers, "--initial-advertise-peer-urls", Peers, "--initial-cluster", $"one={Peers}", .. _settings,
    ];

    private string Clients => $"http://127.0.0.1:{Port}";

    private string Peers => $"http://127.0.0.1:{_peers.Port}";

    /// <summary>Starts a server on free ports and waits until it takes requests.</summary>
    /// <param name="settings">Settings as on the command line: <c>"--enable-v2"</c>.</param>
    public static Task<EtcdServer> StartAsync(params string[] settings) => StartedAsync(new EtcdServer(settings));

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _peers.Dispose();
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override Task PrepareAsync() => Task.CompletedTask;
}
