using Failover.TestServers.Servers;

namespace Failover.TestServers.Patroni;

/// <summary>
/// A real Patroni cluster on the loopback: one etcd and some nodes, up in seconds, with a user <see cref="PostgreSqlNode.UserName"/> and a database <see cref="PostgreSqlNode.Database"/>. Faults are methods: those of one node are the node's, and
/// <see cref="RestoreAsync"/> brings it back to health after each. It ends with the test process, however that ends. Members are for one thread.
/// </summary>
public sealed partial class PatroniCluster : IAsyncDisposable
{
    private readonly Secrets _secrets = Secrets.New();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly List<PatroniNode> _nodes = [];
    private readonly PatroniStore _store;
    private int _named;

    private PatroniCluster(PatroniClusterOptions options, EtcdServer etcd)
    {
        Options = options;
        Etcd = etcd;
        _store = new(_http, etcd.Address, Scope, options.EtcdV2);
    }

    /// <summary>Gets what the cluster was started with.</summary>
    public PatroniClusterOptions Options { get; }

    /// <summary>Gets Patroni's name of the cluster; what it keeps in etcd begins with <c>/service/(scope)/</c>.</summary>
    public string Scope { get; } = "shop";

    /// <summary>Gets the etcd. Without it Patroni demotes the primary.</summary>
    public EtcdServer Etcd { get; }

    /// <summary>Gets where etcd is.</summary>
    public Uri EtcdAddress => Etcd.Address;

    /// <summary>Gets the file with the certificate that clients take as their root, where the nodes speak TLS: <c>SSL Mode=VerifyFull;Root Certificate=…</c>.</summary>
    public string RootCertificateFile => _nodes[0].CertificateFile;

    /// <summary>Gets the nodes, in the order in which they were added.</summary>
    public IReadOnlyList<PatroniNode> Nodes => _nodes;

    /// <summary>Gets where Npgsql finds the nodes, as the app's user.</summary>
    public string ConnectionString => $"Host={string.Join(',', _nodes.Select(static node => $"{node.Host}:{node.PostgreSqlPort}"))};Username={PostgreSqlNode.UserName};Password={_secrets.AppPassword};Database={PostgreSqlNode.Database}";

    internal ServerCertificate Certificate { get; } = ServerCertificate.New();

    /// <summary>Starts a cluster and waits until it has a primary, from which all other nodes stream.</summary>
    public static async Task<PatroniCluster> StartAsync(PatroniClusterOptions? options = null)
    {
        options ??= new();
        PatroniCluster cluster = new(options, await EtcdServer.StartAsync(options.EtcdV2 ? ["--enable-v2"] : []));
        try
        {
            for (int i = 0; i < options.Nodes; i++)
            {
                cluster.NewNode();
            }

            await cluster.StartNewAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends all processes and deletes their folders.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(static async node => await node.DisposeAsync()));
        await Etcd.DisposeAsync();
        _http.Dispose();
    }

    private PatroniNode NewNode()
    {
        PatroniNode node = new($"node-{++_named}", this, _secrets);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Starts all nodes with the data of a database cluster that is new.</summary>
    private async Task StartNewAsync()
    {
        using DataFolder data = await DataFolder.CreateAsync(_secrets, _nodes.Select(static node => node.SlotName));
        await _store.SeedAsync(data.SystemIdentifier, PatroniSettings.Shared(Options));
        await Task.WhenAll(_nodes.Select(node => node.StartAsync(data)));
        await WaitForStandbysAsync();
    }
}
