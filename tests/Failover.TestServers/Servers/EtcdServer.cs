using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Failover.Scenarios.Servers;
using Failover.TestServers.Network;

namespace Failover.TestServers.Servers;

/// <summary>A real etcd: alone, or one member of a cluster.</summary>
public sealed class EtcdServer : LoopbackServer
{
    private readonly PortReservation _peerPort = new();
    private readonly string[] _settings;
    private readonly bool _useTls;
    private readonly NetworkHost? _host;
    private string _cluster;

    private EtcdServer(bool useTls, string[] settings, NetworkHost? host = null)
    {
        (_useTls, _settings, _host) = (useTls, settings, host);
        _cluster = ClusterEntry;
    }

    /// <summary>Gets where clients find the server.</summary>
    public Uri Address => new(ClientUrl);

    /// <summary>Gets the certificate of a server with TLS, signed by itself.</summary>
    public string CertificatePath => Path.Combine(Folder, "server.crt");

    /// <inheritdoc/>
    protected override string ReadyWords => "ready to serve client requests";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
    [
        .. Prefix, RequiredServer.Locate("etcd"), "--name", Name, "--data-dir", Path.Combine(Folder, "data"), "--unsafe-no-fsync", .. Pace,
        "--listen-client-urls", ClientUrl, "--advertise-client-urls", ClientUrl,
        "--listen-peer-urls", PeerUrl, "--initial-advertise-peer-urls", PeerUrl, "--initial-cluster", _cluster,
        .. _useTls ? ["--cert-file", CertificatePath, "--key-file", KeyPath] : Array.Empty<string>(), .. _settings,
    ];

    // A member alone elects itself, and need not wait a second for others.
    private string[] Pace => _cluster.Contains(',', StringComparison.Ordinal) ? [] : ["--heartbeat-interval", "20", "--election-timeout", "100"];

    private string Name => $"etcd-{Port}";

    private string Host => _host?.Address ?? "127.0.0.1";

    private IReadOnlyList<string> Prefix => _host?.Prefix ?? [];

    // Without the slash that a Uri ends with: etcd refuses that.
    private string ClientUrl => $"{(_useTls ? "https" : "http")}://{Host}:{Port}";

    private string PeerUrl => $"http://{Host}:{_peerPort.Port}";

    private string ClusterEntry => $"{Name}={PeerUrl}";

    private string KeyPath => Path.Combine(Folder, "server.key");

    /// <summary>Starts a server on a free port and waits until it serves clients.</summary>
    /// <param name="settings">Settings as on the command line: <c>"--enable-v2=true"</c>.</param>
    public static Task<EtcdServer> StartAsync(params string[] settings) => StartedAsync(new EtcdServer(useTls: false, settings));

    /// <summary>Starts a server that clients reach by https only.</summary>
    /// <param name="settings">Settings as on the command line.</param>
    public static Task<EtcdServer> StartWithTlsAsync(params string[] settings) => StartedAsync(new EtcdServer(useTls: true, settings));

    /// <summary>Starts the members of one cluster, and waits until each of them serves clients.</summary>
    /// <param name="size">How many; three stand the loss of one.</param>
    public static Task<EtcdServer[]> StartClusterAsync(int size) => StartClusterAsync([.. Enumerable.Range(0, size).Select(static _ => new EtcdServer(useTls: false, []))]);

    /// <summary>Starts the members of one cluster, each on a host of its own, and waits until each of them serves clients.</summary>
    /// <param name="hosts">The hosts; what asks the members must be on one of the same site.</param>
    public static Task<EtcdServer[]> StartClusterAsync(IEnumerable<NetworkHost> hosts) => StartClusterAsync([.. hosts.Select(static host => new EtcdServer(useTls: false, [], host))]);

    private static async Task<EtcdServer[]> StartClusterAsync(EtcdServer[] members)
    {
        string cluster = string.Join(',', members.Select(static member => member.ClusterEntry));
        foreach (EtcdServer member in members)
        {
            member._cluster = cluster;
        }

        try
        {
            // None is ready before a majority is.
            return await Task.WhenAll(members.Select(StartedAsync));
        }
        catch
        {
            // One that did not start is gone already; a second time does no harm.
            foreach (EtcdServer member in members.Where(static member => Directory.Exists(member.Folder)))
            {
                await member.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Runs <c>etcdctl</c> against this server, and returns what it says.</summary>
    /// <param name="arguments">As on the command line: <c>"put", "/service/shop/leader", "pg-a"</c>.</param>
    public Task<string> ControlAsync(params string[] arguments) =>
        RunAsync([.. Prefix, "/usr/bin/env", "ETCDCTL_API=3", RequiredServer.Locate("etcdctl"), $"--endpoints={ClientUrl}", .. _useTls ? ["--insecure-transport=false", "--insecure-skip-tls-verify"] : Array.Empty<string>(), .. arguments]);

    /// <summary>Asks for user and password from now on: <c>root</c> may do all, and <c>app</c> may read what begins with a prefix.</summary>
    /// <param name="password">The password of both.</param>
    /// <param name="readable">The prefix.</param>
    public async Task EnableAuthenticationAsync(string password, string readable)
    {
        await ControlAsync("user", "add", $"root:{password}");
        await ControlAsync("user", "grant-role", "root", "root");
        await ControlAsync("role", "add", "reader");
        await ControlAsync("role", "grant-permission", "--prefix=true", "reader", "read", readable);
        await ControlAsync("user", "add", $"app:{password}");
        await ControlAsync("user", "grant-role", "app", "reader");
        await ControlAsync("auth", "enable");
    }

    /// <summary>Gets whether this member leads its cluster. False, too, if it does not answer.</summary>
    public async Task<bool> IsLeaderAsync()
    {
        try
        {
            string status = await ControlAsync("endpoint", "status", "--command-timeout=1s", "--write-out=fields");
            string Field(string name) => status.Split('\n').First(line => line.StartsWith($"\"{name}\"", StringComparison.Ordinal)).Split(':')[1].Trim();
            return Field("MemberID") == Field("Leader");
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Deletes all data of a server that was killed: it is started again as a new one, of the same name.</summary>
    public void LoseData() => Directory.Delete(Path.Combine(Folder, "data"), recursive: true);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _peerPort.Dispose();
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override Task PrepareAsync()
    {
        if (_useTls)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new("CN=etcd", key, HashAlgorithmName.SHA256);
            SubjectAlternativeNameBuilder names = new();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
            File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
            File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
        }

        return Task.CompletedTask;
    }
}
